import { expect, it } from 'vitest'
import type { DeltaType } from '../../../src/delta/schema.ts'
import { features, field, handmade, metaData } from './handmade-table.ts'

const list = (elementType: DeltaType): DeltaType => ({ type: 'array', elementType, containsNull: true })

it.each([['typeWidening'], ['typeWidening-preview']])(
  'reads files from before types were widened: %s',
  async (name) => {
    const t = await handmade()
    const changed = (from: string, to: string) => ({ 'delta.typeChanges': [{ fromType: from, toType: to }] })
    const columns = [
      field('id', 'long', changed('byte', 'long')),
      field('price', 'decimal(12,2)', changed('integer', 'decimal(12,2)')),
      field('ratio', 'double', changed('float', 'double')),
      field('at', 'timestamp_ntz', changed('date', 'timestamp_ntz')),
      field('who', { type: 'struct', fields: [field('age', 'long', changed('short', 'long'))] }),
      field('votes', list('long'), {
        'delta.typeChanges': [{ fromType: 'integer', toType: 'long', fieldPath: 'element' }],
      }),
      field('day', 'long', changed('integer', 'long')),
    ]
    await t.commit(
      0,
      features([name, 'timestampNtz']),
      metaData(columns, {}, ['day']),
      await t.file(
        'old.parquet',
        "SELECT 1::TINYINT AS id, 2 AS price, 0.1::FLOAT AS ratio, DATE '2020-02-29' AS at, {age: 3::SMALLINT} AS who, [4] AS votes",
        { add: { partitionValues: { day: '7' } } },
      ),
      await t.file(
        'new.parquet',
        "SELECT 5000000000 AS id, 2.25::DECIMAL(12,2) AS price, 0.1::DOUBLE AS ratio, TIMESTAMP '2020-02-29 10:00:00' AS at, {age: 5000000000} AS who, [5000000000] AS votes",
        { add: { partitionValues: { day: '5000000000' } } },
      ),
    )
    const at = '2020-02-29 00:00:00'
    expect(await t.rows()).toEqual([
      { id: 1, price: 2, ratio: Math.fround(0.1), at, who: { age: 3 }, votes: [4], day: 7 },
      {
        id: 5e9,
        price: 2.25,
        ratio: 0.1,
        at: '2020-02-29 10:00:00',
        who: { age: 5e9 },
        votes: [5e9],
        day: 5e9,
      },
    ])
  },
)

it('refuses a change of type that is no widening', async () => {
  const t = await handmade()
  const columns = [field('id', 'string', { 'delta.typeChanges': [{ fromType: 'long', toType: 'string' }] })]
  await t.commit(0, features(['typeWidening']), metaData(columns))
  await expect(t.read()).rejects.toMatchObject({ fault: 'unsupported', message: expect.stringContaining('t.id') })
})

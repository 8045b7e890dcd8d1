import { expect, it, onTestFinished } from 'vitest'
import { createDelta, type DeltaTable } from '../../src/delta-table/index.ts'
import type { DeltaType } from '../../src/delta/schema.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { list, map, struct } from './delta-types.ts'

async function tableOf(type: DeltaType): Promise<DeltaTable> {
  const table = await createDelta(await tempFolder(), { columns: { id: 'long', value: type } }, { threads: 1 })
  onTestFinished(() => table.close())
  return table
}
it.each<readonly [DeltaType, readonly unknown[]]>([
  ['byte', [-128, 127]],
  ['short', [-32_768, 32_767]],
  ['integer', [-2_147_483_648, 2_147_483_647]],
  ['long', [-(2n ** 63n), 9_007_199_254_740_993n, 5, 2n ** 63n - 1n]],
  ['float', [1.5, Infinity, NaN]],
  ['double', [-0.1, 1e308, NaN, -Infinity]],
  ['decimal(38,10)', ['1234567890123456789012345678.0123456789', '-0.0000000001']],
  ['decimal(5,0)', ['99999', '-1']],
  ['boolean', [true, false]],
  ['string', ['', 'Amélie 😀', 'a\nb"\\', '\u0001']],
  ['binary', [Buffer.from([0, 255, 92, 120]), Buffer.alloc(0)]],
  ['date', ['0001-01-01', '1969-12-31', '9999-12-31']],
  ['timestamp', ['0001-01-01T00:00:00.000000Z', '1969-12-31T23:59:59.999999Z', '2025-12-09T10:45:30.000001Z']],
  ['timestamp_ntz', ['1969-12-31T23:59:59.999999', '2025-12-09T10:45:30.000001']],
  [list('decimal(4,2)'), [['1.50', null], []]],
  [list(list('binary')), [[[Buffer.from([171]), null], []]]],
  [map('string', 'long'), [new Map([['a', 2n ** 60n]]), new Map()]],
  [map('integer', list('date')), [new Map([[-7, ['2025-12-09']]])]],
  [struct({ a: 'long', b: struct({ c: 'timestamp', d: 'string' }) }), [{ a: 1, b: { c: '1969-01-01T00:00:00.000001Z', d: 'x' } }, { a: null, b: null }]], // prettier-ignore
])('keeps values of %o through append, merge and an optimize', async (type, values) => {
  const table = await tableOf(type)
  const rows = [...values, null].map((value, id) => ({ id, value }))
  await table.append(rows.slice(0, 1))
  await table.merge(rows, { on: ['id'] })
  expect(await table.merge(rows, { on: ['id'] })).toMatchObject({ inserted: 0, updated: 0 })
  await table.optimize()
  const found = await table.collect()
  expect(found.toSorted((a, b) => Number(a['id']) - Number(b['id']))).toEqual(rows)
})

it.each<readonly [DeltaType, unknown]>([
  ['byte', 128],
  ['integer', 2 ** 31],
  ['long', 2 ** 53],
  ['long', 1.5],
  ['decimal(4,2)', '1.505'],
  ['decimal(4,2)', 100],
  ['decimal(4,2)', '1e1'],
  ['string', 7],
  ['binary', 'text'],
  [list('long'), ['1']],
  [list('decimal(4,2)'), ['1.505']],
  [struct({ a: 'long' }), { b: 1 }],
  [map('long', 'long'), { a: 1 }],
])('takes for %o no %o', async (type, value) => {
  const table = await tableOf(type)
  await expect(table.append([{ id: 1, value }])).rejects.toMatchObject({
    fault: 'mismatch',
    message: expect.stringContaining('row 1: value is'),
  })
})

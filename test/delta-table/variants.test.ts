import { expect, it, onTestFinished } from 'vitest'
import { openDelta } from '../../src/delta-table/index.ts'
import { features, field, handmade, metaData } from '../engines/duckdb/handmade-table.ts'
import { list, map, struct } from './delta-types.ts'

it.each(['variantType', 'variantType-preview'])(
  'reads and writes a table that lists %s and uses none',
  async (name) => {
    const t = await handmade()
    await t.commit(0, features([name, 'deletionVectors']), metaData([field('id', 'long')]))
    const table = await openDelta(t.storage.root, { threads: 1, rewriteBytes: 0 })
    onTestFinished(() => table.close())
    await table.append([{ id: 1 }, { id: 2 }])
    await table.delete('id = 1')
    await table.checkpoint()
    expect(await table.collect()).toEqual([{ id: 2 }])
  },
)

it.each([
  ['payload', field('payload', 'variant')],
  ['who.more', field('who', struct({ name: 'string', more: 'variant' }))],
  ['votes.value.element', field('votes', map('string', list('variant')))],
])('refuses a table by the name of its variant column %s', async (name, column) => {
  const t = await handmade()
  await t.commit(0, features(['variantType']), metaData([field('id', 'long'), column]))
  await expect(openDelta(t.storage.root, { threads: 1 })).rejects.toMatchObject({
    fault: 'unsupported',
    message: expect.stringContaining(`cannot be read because of the variant column ${name}`),
  })
})

import { expect, it } from 'vitest'
import type { Protocol } from '../../src/delta/actions.ts'
import type { DeltaField, DeltaType } from '../../src/delta/schema.ts'
import { checkChangeable, checkUpdatable, checkWritable, type Written } from '../../src/delta/writable.ts'

const field = (
  name: string,
  metadata: Readonly<Record<string, unknown>> = {},
  type: DeltaType = 'long',
): DeltaField => ({
  name,
  type,
  nullable: true,
  metadata,
})
const features = (...names: readonly string[]): Protocol => ({
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: [],
  writerFeatures: [...names],
})
const legacy = (minWriterVersion: number): Protocol => ({ minReaderVersion: 1, minWriterVersion })
const table = (
  protocol: Protocol,
  configuration: Record<string, string> = {},
  schema: readonly DeltaField[] = [field('id')],
): Written => ({
  table: 't',
  protocol,
  schema,
  metadata: { id: 'x', format: { provider: 'parquet' }, schemaString: '', partitionColumns: [], configuration },
})

it.each([
  'rowTracking',
  'catalogManaged',
  'catalogOwned-preview',
  'clustering',
  'icebergCompatV1',
  'icebergCompatV2',
  'checkpointProtection',
  'rowMagic',
])('refuses to write where %s asks for more', (name) => {
  expect(() => checkWritable(table(features('appendOnly', name)))).toThrow(`t: cannot be written because of ${name}`)
})

it('refuses writer versions to come', () => {
  expect(() => checkWritable(table(legacy(8)))).toThrow('writer version 8')
})

it.each([
  'appendOnly',
  'invariants',
  'checkConstraints',
  'changeDataFeed',
  'generatedColumns',
  'allowColumnDefaults',
  'identityColumns',
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'domainMetadata',
  'vacuumProtocolCheck',
  'variantType',
  'variantType-preview',
  'inCommitTimestamp',
])('writes where %s is listed and not in use', (name) => {
  expect(() => checkWritable(table(features(name)))).not.toThrow()
})

it.each([1, 2, 3, 4, 5, 6])('writes a table of writer version %i that uses nothing of it', (version) => {
  expect(() => checkWritable(table(legacy(version)))).not.toThrow()
})

it.each([
  ['the generated column year', 4, field('year', { 'delta.generationExpression': 'year(d)' })],
  ['the identity column id', 6, field('id', { 'delta.identity.start': 1, 'delta.identity.step': 1 })],
  ['the default of column n', 7, field('n', { CURRENT_DEFAULT: '5' })],
] as const)('refuses to write %s, also inside of another column', (what, version, column) => {
  const struct = field('who', {}, { type: 'struct', fields: [column] })
  const list = field('cast', {}, { type: 'array', elementType: struct.type, containsNull: true })
  for (const schema of [[column], [struct], [list]])
    expect(() => checkWritable(table(legacy(version), {}, schema))).toThrow(`t: cannot be written because of ${what}`)
})

it('refuses to write a table that maps columns', () => {
  const mapping = { 'delta.columnMapping.mode': 'name' }
  expect(() => checkWritable(table(legacy(5), mapping))).toThrow('columnMapping (name)')
  expect(() => checkWritable(table(features('columnMapping'), mapping))).toThrow('columnMapping (name)')
  expect(() => checkWritable(table(features('columnMapping'), { 'delta.columnMapping.mode': 'none' }))).not.toThrow()
})

it('refuses to write under a constraint that it does not understand', () => {
  const constraint = { 'delta.constraints.recent': 'year(day) > 2000' }
  expect(() => checkWritable(table(legacy(3), constraint))).toThrow(
    't: cannot be written because of the CHECK constraint recent, which is not understood: year(day) > 2000',
  )
  expect(() => checkWritable(table(legacy(3), { 'delta.constraints.positive': 'id > 0' }))).not.toThrow()
})

it('refuses to write under an invariant that it does not understand, also inside of another column', () => {
  const wrong = field('id', { 'delta.invariants': '{}' })
  const struct = field('who', {}, { type: 'struct', fields: [wrong] })
  for (const column of [wrong, struct])
    expect(() => checkWritable(table(legacy(2), {}, [column]))).toThrow('the invariant of id, which is not understood')
  const right = field('id', { 'delta.invariants': '{"expression":{"expression":"id > 3"}}' })
  expect(() => checkWritable(table(legacy(2), {}, [right]))).not.toThrow()
})

it('changes no rows of a table that is only to be appended to', () => {
  const written = table(legacy(2), { 'delta.appendOnly': 'true' })
  expect(() => checkChangeable(written)).toThrow('t: cannot be changed because of the property delta.appendOnly')
  expect(() => checkUpdatable(written)).toThrow('delta.appendOnly')
})

it('changes no single rows where a change data feed would have to tell which', () => {
  const feed = { 'delta.enableChangeDataFeed': 'true' }
  for (const protocol of [legacy(4), features('changeDataFeed')]) {
    expect(() => checkUpdatable(table(protocol, feed))).toThrow('t: cannot be changed because of its change data feed')
    expect(() => checkUpdatable(table(protocol))).not.toThrow()
    expect(() => checkChangeable(table(protocol, feed))).not.toThrow()
  }
  expect(() => checkUpdatable(table(features('appendOnly'), feed))).not.toThrow()
})

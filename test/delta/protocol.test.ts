import { expect, it } from 'vitest'
import type { Metadata, Protocol } from '../../src/delta/actions.ts'
import { checkReadable, protocolFor, withDeletionVectors } from '../../src/delta/protocol.ts'
import type { DeltaType } from '../../src/delta/schema.ts'

const metadata = (configuration: Record<string, string> = {}): Metadata => ({
  id: 'x',
  format: { provider: 'parquet' },
  schemaString: '',
  partitionColumns: [],
  configuration,
})
const features = (...names: readonly string[]): Protocol => ({
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: [...names],
  writerFeatures: [...names],
})
const plain: Protocol = { minReaderVersion: 1, minWriterVersion: 2 }

it('names the feature that stands in the way of reading', () => {
  expect(() => checkReadable(features('collations', 'timestampNtz'), metadata(), 't')).toThrow(
    't: cannot be read because of collations',
  )
})

it('reads a table that lists features as null, as delta-rs writes them', () => {
  expect(() => checkReadable({ ...plain, readerFeatures: null, writerFeatures: null }, metadata(), 't')).not.toThrow()
})

it('refuses reader versions to come', () => {
  expect(() => checkReadable({ minReaderVersion: 4, minWriterVersion: 8 }, metadata(), 't')).toThrow('reader version 4')
})

it.each(['catalogManaged', 'catalogOwned-preview', 'variantShredding-preview', 'collations', 'rowMagic'])(
  'refuses to read what %s may mean',
  (name) => {
    expect(() => checkReadable(features(name), metadata(), 't')).toThrow(`t: cannot be read because of ${name}`)
  },
)

it('asks newer readers for a column of instants without a zone, wherever it stands', () => {
  const field = (type: DeltaType) => ({ name: 'at', type, nullable: true, metadata: {} })
  const list: DeltaType = { type: 'array', elementType: 'timestamp_ntz', containsNull: true }
  expect(protocolFor(plain, [field('timestamp')])).toBe(plain)
  expect(protocolFor(plain, [field({ type: 'struct', fields: [field(list)] })])).toEqual({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['timestampNtz'],
    writerFeatures: ['appendOnly', 'invariants', 'timestampNtz'],
  })
})

it('gives by name what an older version asked for when deletion vectors come', () => {
  const older = { minReaderVersion: 2, minWriterVersion: 5 }
  expect(withDeletionVectors(older, metadata())?.protocol).toEqual({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['columnMapping', 'deletionVectors'],
    writerFeatures: [
      'appendOnly',
      'invariants',
      'checkConstraints',
      'changeDataFeed',
      'generatedColumns',
      'columnMapping',
      'deletionVectors',
    ],
  })
  const on = metadata({ 'delta.enableDeletionVectors': 'true' })
  expect(withDeletionVectors(features('deletionVectors'), on)).toBeUndefined()
  expect(withDeletionVectors(features('deletionVectors'), metadata())?.metaData).toEqual(on)
})

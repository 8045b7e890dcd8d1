import { expect, it } from 'vitest'
import type { Metadata, Protocol } from '../../src/delta/actions.ts'
import { checkChangeable, checkReadable, checkWritable } from '../../src/delta/protocol.ts'

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
  expect(() => checkReadable(features('variantType', 'timestampNtz'), metadata(), 't')).toThrow(
    't: cannot be read because of variantType',
  )
})

it('reads a table that lists features as null, as delta-rs writes them', () => {
  expect(() => checkReadable({ ...plain, readerFeatures: null, writerFeatures: null }, metadata(), 't')).not.toThrow()
})

it('names the feature that stands in the way of writing', () => {
  expect(() => checkWritable(features('rowTracking'), [], 't')).toThrow('t: cannot be written because of rowTracking')
  expect(() => checkWritable({ minReaderVersion: 1, minWriterVersion: 4 }, [], 't')).toThrow('writer version 4')
})

it('writes no table whose columns have invariants', () => {
  const field = { name: 'id', type: 'long', nullable: true, metadata: { 'delta.invariants': '{}' } }
  expect(() => checkWritable(plain, [field], 't')).toThrow('an invariant on id')
  const struct = { name: 'who', type: { type: 'struct' as const, fields: [field] }, nullable: true, metadata: {} }
  expect(() => checkWritable(plain, [struct], 't')).toThrow('an invariant on id')
})

it('writes no table whose columns may not hold null, since it does not look for nulls', () => {
  const field = { name: 'id', type: 'long', nullable: false, metadata: {} }
  expect(() => checkWritable(plain, [field], 't')).toThrow('t: cannot be written because of NOT NULL on id')
})

it('changes no rows of a table that is only to be appended to', () => {
  expect(() => checkChangeable(metadata({ 'delta.appendOnly': 'true' }), 't')).toThrow('delta.appendOnly')
})

import { TableError } from '../errors.ts'
import type { Metadata, Protocol } from './actions.ts'
import { namedReaderVersion, readerFeatures, withFeature } from './features.ts'
import type { DeltaField } from './schema.ts'

const readable = new Set<string>([
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
])
const writable = new Set<string>(['appendOnly', 'deletionVectors', 'invariants', 'timestampNtz'])

/** What new tables ask of others: reader 1 and writer 2, as Spark and delta-rs create them by default. */
export const plainProtocol: Protocol = { minReaderVersion: 1, minWriterVersion: 2 }

/** The protocol and properties of a table whose files may have deletion vectors; undefined when it is one already. */
export function withDeletionVectors(
  protocol: Protocol,
  metadata: Metadata,
): { protocol: Protocol; metaData: Metadata } | undefined {
  const upgraded = withFeature(protocol, 'deletionVectors')
  if (upgraded === protocol) return undefined
  return {
    protocol: upgraded,
    metaData: { ...metadata, configuration: { ...metadata.configuration, 'delta.enableDeletionVectors': 'true' } },
  }
}

/** Throws TableError `unsupported`, naming the feature, when rows of the table would be read wrong. */
export function checkReadable(protocol: Protocol, metadata: Metadata, table: string): void {
  if (protocol.minReaderVersion > namedReaderVersion)
    refuse(table, 'be read', `reader version ${protocol.minReaderVersion}`)
  const missing = [...readerFeatures(protocol)].filter((name) => !readable.has(name))
  if (missing.length > 0) refuse(table, 'be read', missing.join(', '))
  if (metadata.format.provider !== 'parquet') refuse(table, 'be read', `files of format ${metadata.format.provider}`)
}

/** Throws TableError `unsupported`, naming the feature, when a write would break the table for others. */
export function checkWritable(protocol: Protocol, schema: readonly DeltaField[], table: string): void {
  if (protocol.minWriterVersion > 2 && protocol.minWriterVersion !== 7)
    refuse(table, 'be written', `writer version ${protocol.minWriterVersion}`)
  const missing = (protocol.writerFeatures ?? []).filter((name) => !writable.has(name))
  if (missing.length > 0) refuse(table, 'be written', missing.join(', '))
  const guard = schema.map(guardOf).find((found) => found !== undefined)
  if (guard !== undefined) refuse(table, 'be written', guard)
}

/** What a writer would have to check of every row, which is not done here: readers believe it unseen. */
function guardOf({ name, type, nullable, metadata }: DeltaField): string | undefined {
  if ('delta.invariants' in metadata) return `an invariant on ${name}`
  if (!nullable) return `NOT NULL on ${name}`
  if (typeof type === 'string' || type.type !== 'struct') return undefined
  return type.fields.map(guardOf).find((found) => found !== undefined)
}

/** Throws TableError `unsupported` when the table says that its rows are never changed. */
export function checkChangeable(metadata: Metadata, table: string): void {
  if (metadata.configuration['delta.appendOnly'] === 'true')
    refuse(table, 'be changed', 'the property delta.appendOnly')
}

function refuse(table: string, verb: string, feature: string): never {
  throw new TableError(`${table}: cannot ${verb} because of ${feature}`, {
    fault: 'unsupported',
    hint: 'use Spark for this table, or write it anew without the feature',
  })
}

import { TableError } from '../errors.ts'
import type { Metadata, Protocol } from './actions.ts'
import { namedReaderVersion, readerFeatures, withFeature } from './features.ts'
import type { DeltaField, DeltaType } from './schema.ts'

const readable = new Set<string>([
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
])
const vectorProperty = 'delta.enableDeletionVectors'

/** What new tables ask of others: reader 1 and writer 2, as Spark and delta-rs create them by default. */
export const plainProtocol: Protocol = { minReaderVersion: 1, minWriterVersion: 2 }

/** The protocol that a table with these columns needs: instants without a zone are known to newer readers and writers alone. */
export const protocolFor = (protocol: Protocol, schema: readonly DeltaField[]): Protocol =>
  schema.some(({ type }) => holds(type, 'timestamp_ntz')) ? withFeature(protocol, 'timestampNtz') : protocol

function holds(type: DeltaType, scalar: string): boolean {
  if (typeof type === 'string') return type === scalar
  if (type.type === 'struct') return type.fields.some((field) => holds(field.type, scalar))
  if (type.type === 'array') return holds(type.elementType, scalar)
  return holds(type.keyType, scalar) || holds(type.valueType, scalar)
}

/** The protocol and properties of a table whose files may have deletion vectors; undefined when it is one already. */
export function withDeletionVectors(
  protocol: Protocol,
  metadata: Metadata,
): { protocol: Protocol; metaData: Metadata } | undefined {
  const upgraded = withFeature(protocol, 'deletionVectors')
  if (upgraded === protocol && metadata.configuration[vectorProperty] === 'true') return undefined
  return {
    protocol: upgraded,
    metaData: { ...metadata, configuration: { ...metadata.configuration, [vectorProperty]: 'true' } },
  }
}

/** False when the table says that its files get no deletion vectors. */
export const mayHaveVectors = ({ configuration }: Metadata): boolean => configuration[vectorProperty] !== 'false'

/** Throws TableError `unsupported`, naming the feature, when rows of the table would be read wrong. */
export function checkReadable(protocol: Protocol, metadata: Metadata, table: string): void {
  if (protocol.minReaderVersion > namedReaderVersion) refuse(table, `reader version ${protocol.minReaderVersion}`)
  const missing = [...readerFeatures(protocol)].filter((name) => !readable.has(name))
  if (missing.length > 0) refuse(table, missing.join(', '))
  if (metadata.format.provider !== 'parquet') refuse(table, `files of format ${metadata.format.provider}`)
}

function refuse(table: string, feature: string): never {
  throw new TableError(`${table}: cannot be read because of ${feature}`, {
    fault: 'unsupported',
    hint: 'use Spark for this table, or write it anew without the feature',
  })
}

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
  // asks for nothing where no column is one: see checkReadableColumns
  'variantType',
  'variantType-preview',
])
const vectorProperty = 'delta.enableDeletionVectors'
const wideningProperty = 'delta.enableTypeWidening'

/** What new tables ask of others: reader 1 and writer 2, as Spark and delta-rs create them by default. */
export const plainProtocol: Protocol = { minReaderVersion: 1, minWriterVersion: 2 }

/** The protocol that a table with these columns and properties needs: newer readers and writers alone know instants without a zone, and types that widen. */
export function protocolFor(
  protocol: Protocol,
  schema: readonly DeltaField[],
  configuration: Metadata['configuration'] = {},
): Protocol {
  const hasInstants = schema.some(({ type }) => holds(type, 'timestamp_ntz'))
  const known = hasInstants ? withFeature(protocol, 'timestampNtz') : protocol
  return configuration[wideningProperty] === 'true' ? withFeature(known, 'typeWidening') : known
}

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

/** Throws TableError `unsupported` when the table does not say that types of its columns may become wider. */
export function checkWidens({ configuration }: Metadata, table: string): void {
  if (configuration[wideningProperty] === 'true') return
  throw new TableError(`${table}: its columns cannot be widened, since ${wideningProperty} is not set`, {
    fault: 'unsupported',
    hint: `set the property ${wideningProperty} to true: from then on, only readers that know of type widening read the table`,
  })
}

/** Throws TableError `unsupported`, naming the feature, when rows of the table would be read wrong. */
export function checkReadable(protocol: Protocol, metadata: Metadata, table: string): void {
  if (protocol.minReaderVersion > namedReaderVersion) refuse(table, `reader version ${protocol.minReaderVersion}`)
  const missing = [...readerFeatures(protocol)].filter((name) => !readable.has(name))
  if (missing.length > 0) refuse(table, missing.join(', '))
  if (metadata.format.provider !== 'parquet') refuse(table, `files of format ${metadata.format.provider}`)
}

/** Throws TableError `unsupported`, naming it, for a column or a field of a type that cannot be read. */
export function checkReadableColumns(schema: readonly DeltaField[], table: string): void {
  const column = schema.map(variantIn).find((path) => path !== undefined)
  if (column !== undefined) refuse(table, `the variant column ${column.join('.')}`)
}

/** The names down to a variant. */
function variantIn({ name, type }: DeltaField): readonly string[] | undefined {
  const within = (part: string, of: DeltaType): readonly string[] | undefined =>
    variantIn({ name: part, type: of, nullable: true, metadata: {} })
  if (typeof type === 'string') return type === 'variant' ? [name] : undefined
  const parts =
    type.type === 'struct'
      ? type.fields.map(variantIn)
      : type.type === 'array'
        ? [within('element', type.elementType)]
        : [within('key', type.keyType), within('value', type.valueType)]
  const inner = parts.find((path) => path !== undefined)
  return inner && [name, ...inner]
}

function refuse(table: string, feature: string): never {
  throw new TableError(`${table}: cannot be read because of ${feature}`, {
    fault: 'unsupported',
    hint: 'use Spark for this table, or write it anew without the feature',
  })
}

import { TableError } from '../errors.ts'
import { checksOf } from './constraints.ts'
import { writerFeatures } from './features.ts'
import type { DeltaField, DeltaType } from './schema.ts'
import type { Snapshot } from './snapshot.ts'

/** What of a table says whether it may be written. */
export type Written = Pick<Snapshot, 'table' | 'protocol' | 'metadata' | 'schema'>

// all that these ask of a writer is done here, or nothing is to be done for what is written here
const writable = new Set<string>([
  'appendOnly',
  'changeDataFeed',
  'checkConstraints',
  'deletionVectors',
  'domainMetadata',
  'inCommitTimestamp',
  'invariants',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
  'variantType',
  'variantType-preview',
])
// these ask something of a writer only where the table uses them, by what its columns say
const columnFeatures: Readonly<Record<string, { readonly key: string; readonly what: string }>> = {
  allowColumnDefaults: { key: 'CURRENT_DEFAULT', what: 'the default of column' },
  generatedColumns: { key: 'delta.generationExpression', what: 'the generated column' },
  identityColumns: { key: 'delta.identity.', what: 'the identity column' },
}

/** Throws TableError `unsupported`, naming the feature, when a write would break the table for others. */
export function checkWritable({ table, protocol, metadata, schema }: Written): void {
  if (protocol.minWriterVersion > 7) refuse(table, 'be written', `writer version ${protocol.minWriterVersion}`)
  const features = writerFeatures(protocol)
  const missing = [...features].filter(
    (name) => name !== 'columnMapping' && !writable.has(name) && columnFeatures[name] === undefined,
  )
  if (missing.length > 0) refuse(table, 'be written', missing.join(', '))
  const mapping = metadata.configuration['delta.columnMapping.mode'] ?? 'none'
  if (features.has('columnMapping') && mapping !== 'none') refuse(table, 'be written', `columnMapping (${mapping})`)
  for (const { key, what } of Object.values(columnFeatures)) {
    const column = schema.map((field) => columnWith(field, key)).find((found) => found !== undefined)
    if (column !== undefined) refuse(table, 'be written', `${what} ${column}`)
  }
  // throws for what is not understood
  checksOf({ table, metadata, schema })
}

/** The name of the column, or of the field in it, whose metadata has a key that begins so. */
function columnWith({ name, type, metadata }: DeltaField, key: string): string | undefined {
  if (Object.keys(metadata).some((one) => one.startsWith(key))) return name
  return fieldsWithin(type)
    .map((field) => columnWith(field, key))
    .find((found) => found !== undefined)
}

function fieldsWithin(type: DeltaType): readonly DeltaField[] {
  if (typeof type === 'string') return []
  if (type.type === 'struct') return type.fields
  if (type.type === 'array') return fieldsWithin(type.elementType)
  return [...fieldsWithin(type.keyType), ...fieldsWithin(type.valueType)]
}

/** Throws TableError `unsupported` when the table says that its rows are never changed or removed. */
export function checkChangeable({ table, metadata }: Pick<Snapshot, 'table' | 'metadata'>): void {
  if (metadata.configuration['delta.appendOnly'] === 'true')
    refuse(table, 'be changed', 'the property delta.appendOnly')
}

/**
 * Throws TableError `unsupported` when single rows of the table cannot be changed here: its change data feed would have to tell which.
 * Files may be added or go as a whole: readers of the feed take their rows for inserted and deleted.
 */
export function checkUpdatable({ table, protocol, metadata }: Pick<Snapshot, 'table' | 'metadata' | 'protocol'>): void {
  checkChangeable({ table, metadata })
  if (writerFeatures(protocol).has('changeDataFeed') && metadata.configuration['delta.enableChangeDataFeed'] === 'true')
    refuse(table, 'be changed', 'its change data feed')
}

function refuse(table: string, verb: string, feature: string): never {
  throw new TableError(`${table}: cannot ${verb} because of ${feature}`, {
    fault: 'unsupported',
    hint: 'use Spark for this table, or write it anew without the feature',
  })
}

import { TableError } from '../errors.ts'
import type { Metadata, Protocol } from './actions.ts'
import { readerFeatures } from './features.ts'
import type { DeltaField } from './schema.ts'

/** How columns are found in data files: by their own names, by names that renames do not change, or by numbers in the files. */
export type MappingMode = 'none' | 'name' | 'id'

/** What is needed to know how a table's columns are found. */
export interface Mapped {
  readonly protocol: Protocol
  readonly metadata: Metadata
}

/** How the table's columns are found. The property counts only where the protocol knows of it. Throws TableError `unsupported` for a mode of a later protocol. */
export function mappingMode({ protocol, metadata }: Mapped): MappingMode {
  const mode = metadata.configuration['delta.columnMapping.mode'] ?? 'none'
  if (!readerFeatures(protocol).has('columnMapping')) return 'none'
  if (mode === 'none' || mode === 'name' || mode === 'id') return mode
  throw new TableError(`column mapping by ${JSON.stringify(mode)} is unknown`, { fault: 'unsupported' })
}

/** The name of a column, or of a field in one, in partition values, in statistics and (but for mode `id`) in data files. Throws TableError `corrupt` when it has none. */
export function physicalName({ name, metadata }: DeltaField, mode: MappingMode): string {
  if (mode === 'none') return name
  const physical = metadata['delta.columnMapping.physicalName']
  if (typeof physical === 'string') return physical
  throw new TableError(`column ${name} has no physical name, though the table maps columns`, { fault: 'corrupt' })
}

/** The number of a column in data files. Throws TableError `corrupt` when it has none. */
export function fieldId({ name, metadata }: DeltaField): number {
  const id = metadata['delta.columnMapping.id']
  if (typeof id === 'number') return id
  throw new TableError(`column ${name} has no id, though the table maps columns by them`, { fault: 'corrupt' })
}

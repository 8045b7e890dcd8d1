/** Any Delta table, read and written without a JVM. */
export { createDelta, openDelta, type DeltaOptions, type TableDefinition } from './open-delta.ts'
export {
  DeltaTable,
  type ChangeRange,
  type CommitOptions,
  type CommitResult,
  type DeltaCommit,
  type DeltaFile,
  type DeltaRow,
  type MergeOptions,
  type ReadOptions,
  type RowChange,
  type RowSource,
} from './delta-table.ts'
export type { OptimizeOptions, OptimizeResult, VacuumOptions, VacuumResult } from '../engines/duckdb/duckdb-upkeep.ts'
export type { At } from '../delta/delta-log.ts'
export type { DeltaField, DeltaType } from '../delta/schema.ts'
export type { Storage } from '../delta/storage.ts'
export { ConflictError, EngineError, LakeError, TableError } from '../errors.ts'

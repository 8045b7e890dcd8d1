import { TableError } from '../../errors.ts'
import type { DeltaField, DeltaType } from '../../delta/schema.ts'
import type { Type } from '../../frame/types.ts'
import type { ColumnSpec } from '../../table.ts'
import { duckdbDialect } from './duckdb-dialect.ts'

const toDelta = {
  int: 'integer',
  bigint: 'long',
  double: 'double',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
} as const

/** The Delta type that stores a frame type. */
export function deltaType(type: Type): DeltaType {
  if (typeof type === 'string') return toDelta[type]
  if ('json' in type) return deltaType(type.json)
  if ('array' in type) return { type: 'array', elementType: deltaType(type.array), containsNull: true }
  const fields = Object.entries(type.struct).map(([name, field]) => deltaField(name, field))
  return { type: 'struct', fields }
}

/** The columns of a table as its Delta schema. All may hold null there, so that other writers need no rules of ours; contracts check the rest. */
export const deltaSchema = (columns: Readonly<Record<string, ColumnSpec<unknown>>>): readonly DeltaField[] =>
  Object.entries(columns).map(([name, { type, about }]) => deltaField(name, type, about))

const deltaField = (name: string, type: Type, comment?: string): DeltaField => ({
  name,
  type: deltaType(type),
  nullable: true,
  metadata: comment === undefined ? {} : { comment },
})

const toSql: Readonly<Record<string, string>> = {
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
}

/** DuckDB's name of a Delta type. Throws TableError `unsupported` for a type of a later protocol. */
export function sqlType(type: DeltaType): string {
  if (typeof type === 'string') {
    const name = toSql[type] ?? decimalType(type)
    if (name !== undefined) return name
    throw new TableError(`columns of type ${type} cannot be read`, { fault: 'unsupported' })
  }
  if (type.type === 'array') return `${sqlType(type.elementType)}[]`
  if (type.type === 'map') return `MAP(${sqlType(type.keyType)}, ${sqlType(type.valueType)})`
  const { identifier } = duckdbDialect
  return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${sqlType(field.type)}`).join(', ')})`
}

// a decimal that does not say its digits has ten, none behind the point
const decimalType = (type: string): string | undefined =>
  type === 'decimal' ? 'DECIMAL(10,0)' : /^decimal\(\d+,\s*\d+\)$/.test(type) ? type.toUpperCase() : undefined

import type { DeltaField, DeltaType } from '../../delta/schema.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { sqlType } from './duckdb-types.ts'

const { identifier, text } = duckdbDialect

/** Under which name data files hold a column, or a field of one; undefined when they lack it. */
export type StoredName = (field: DeltaField) => string | undefined

/** The type of a column as files hold it: its fields under their stored names, without those that are not there. */
export function storedType(type: DeltaType, stored: StoredName): DeltaType {
  if (typeof type === 'string') return type
  if (type.type === 'array') return { ...type, elementType: storedType(type.elementType, stored) }
  if (type.type === 'map')
    return { ...type, keyType: storedType(type.keyType, stored), valueType: storedType(type.valueType, stored) }
  const fields = type.fields.flatMap((field) => {
    const name = stored(field)
    return name === undefined ? [] : [{ ...field, name, type: storedType(field.type, stored) }]
  })
  // a struct has at least one field
  const nothing = { name: '__none', type: 'boolean', nullable: true, metadata: {} }
  return { type: 'struct', fields: fields.length > 0 ? fields : [nothing] }
}

/** SQL that makes a value as files hold it one as the table has it: fields under the table's names, null where files lack them. */
export function fromStored(value: string, type: DeltaType, stored: StoredName, depth = 0): string {
  if (typeof type === 'string' || isStoredAsIs(type, stored)) return value
  const item = `"__${depth}"`
  const each = (list: string, inner: DeltaType): string =>
    isStoredAsIs(inner, stored)
      ? list
      : `list_transform(${list}, lambda ${item}: ${fromStored(item, inner, stored, depth + 1)})`
  if (type.type === 'array') return each(value, type.elementType)
  if (type.type === 'map') {
    const entries = `map(${each(`map_keys(${value})`, type.keyType)}, ${each(`map_values(${value})`, type.valueType)})`
    return `CASE WHEN ${value} IS NOT NULL THEN ${entries} END`
  }
  const fields = type.fields.map((field) => {
    const name = stored(field)
    const inner =
      name === undefined
        ? `CAST(NULL AS ${sqlType(field.type)})`
        : fromStored(`struct_extract(${value}, ${text(name)})`, field.type, stored, depth)
    return `${identifier(field.name)} := ${inner}`
  })
  return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
}

/** Whether files hold values of the type with the table's own names. */
function isStoredAsIs(type: DeltaType, stored: StoredName): boolean {
  if (typeof type === 'string') return true
  if (type.type === 'array') return isStoredAsIs(type.elementType, stored)
  if (type.type === 'map') return isStoredAsIs(type.keyType, stored) && isStoredAsIs(type.valueType, stored)
  return type.fields.every((field) => stored(field) === field.name && isStoredAsIs(field.type, stored))
}

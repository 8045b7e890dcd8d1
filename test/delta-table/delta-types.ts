import { nullableFields, type DeltaType } from '../../src/delta/schema.ts'

/** A list whose elements may be null. */
export const list = (elementType: DeltaType): DeltaType => ({ type: 'array', elementType, containsNull: true })

/** A map whose values may be null. */
export const map = (keyType: DeltaType, valueType: DeltaType): DeltaType => ({
  type: 'map',
  keyType,
  valueType,
  valueContainsNull: true,
})

/** A struct whose fields may be null. */
export const struct = (types: Readonly<Record<string, DeltaType>>): DeltaType => ({
  type: 'struct',
  fields: nullableFields(types),
})

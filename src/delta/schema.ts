import { z } from 'zod'
import { TableError } from '../errors.ts'

/** A column's type as Delta's schema JSON writes it. Scalars are names: `long`, `string`, `decimal(10,2)`. */
export type DeltaType =
  | string
  | { readonly type: 'array'; readonly elementType: DeltaType; readonly containsNull: boolean }
  | {
      readonly type: 'map'
      readonly keyType: DeltaType
      readonly valueType: DeltaType
      readonly valueContainsNull: boolean
    }
  | { readonly type: 'struct'; readonly fields: readonly DeltaField[] }

/** A column, or a field of a struct. */
export interface DeltaField {
  readonly name: string
  readonly type: DeltaType
  readonly nullable: boolean
  readonly metadata: Readonly<Record<string, unknown>>
}

const type: z.ZodType<DeltaType> = z.lazy(() =>
  z.union([
    z.string(),
    z.object({ type: z.literal('array'), elementType: type, containsNull: z.boolean() }),
    z.object({ type: z.literal('map'), keyType: type, valueType: type, valueContainsNull: z.boolean() }),
    z.object({ type: z.literal('struct'), fields: z.array(field) }),
  ]),
)
const field: z.ZodType<DeltaField> = z.lazy(() =>
  z.object({ name: z.string(), type, nullable: z.boolean(), metadata: z.record(z.string(), z.unknown()) }),
)
const schema = z.object({ type: z.literal('struct'), fields: z.array(field) })

/** The columns of a `schemaString`. Throws TableError `corrupt` on anything else. */
export function parseSchema(schemaString: string, table: string): readonly DeltaField[] {
  try {
    return schema.parse(JSON.parse(schemaString)).fields
  } catch (cause) {
    throw new TableError(`${table}: the schema in its log cannot be read`, { fault: 'corrupt', cause })
  }
}

/** The `schemaString` of these columns. */
export const renderSchema = (fields: readonly DeltaField[]): string => JSON.stringify({ type: 'struct', fields })

/** The type without nullability and comments, for comparison and messages: `array<struct<id long>>`. */
export function deltaTypeName(of: DeltaType): string {
  if (typeof of === 'string') return of
  if (of.type === 'array') return `array<${deltaTypeName(of.elementType)}>`
  if (of.type === 'map') return `map<${deltaTypeName(of.keyType)}, ${deltaTypeName(of.valueType)}>`
  return `struct<${of.fields.map((inner) => `${inner.name} ${deltaTypeName(inner.type)}`).join(', ')}>`
}

const scalars = new Set(
  'byte short integer long float double decimal string binary boolean date timestamp timestamp_ntz'.split(' '),
)

/**
 * Throws TableError `unsupported` for columns that no table without column mapping may have: of an unknown type, or with a name that is taken or cannot
 * be, at any depth. Capitals do not tell names apart.
 */
export function checkFields(fields: readonly DeltaField[], table: string): void {
  const seen = new Set<string>()
  for (const { name, type: of } of fields) {
    const path = `${table}.${name}`
    if (/[ ,;{}()\n\t=]/.test(name) || name === '')
      throw new TableError(`${table}: a column may not be called ${JSON.stringify(name)}`, {
        fault: 'unsupported',
        hint: 'leave out spaces and any of ,;{}()= from the name',
      })
    if (seen.has(name.toLowerCase()))
      throw new TableError(`${path}: there is another of that name`, { fault: 'unsupported' })
    seen.add(name.toLowerCase())
    checkType(of, path)
  }
}

function checkType(of: DeltaType, path: string): void {
  if (typeof of === 'string') {
    const [, precision, scale] = /^decimal\((\d+),\s*(\d+)\)$/.exec(of) ?? []
    const isKnown = precision === undefined ? scalars.has(of) : isDecimal(Number(precision), Number(scale))
    if (isKnown) return
    throw new TableError(`${path}: there is no type ${of}`, {
      fault: 'unsupported',
      hint: `types are ${[...scalars].join(', ')}, such as decimal(10,2), and arrays, maps and structs of them`,
    })
  }
  if (of.type === 'struct') checkFields(of.fields, path)
  else if (of.type === 'array') checkType(of.elementType, `${path}.element`)
  else
    for (const [name, inner] of [
      ['key', of.keyType],
      ['value', of.valueType],
    ] as const)
      checkType(inner, `${path}.${name}`)
}

const isDecimal = (precision: number, scale: number): boolean => precision >= 1 && precision <= 38 && scale <= precision

/** Throws TableError `unsupported` for columns that cannot be those by which a table is partitioned, `mismatch` for one that there is not. */
export function checkPartitions(fields: readonly DeltaField[], names: readonly string[], table: string): void {
  const nested = fieldsNamed(fields, names, table).find(({ type: of }) => typeof of !== 'string')
  if (nested !== undefined)
    throw new TableError(`${table}.${nested.name}: a table cannot be partitioned by ${deltaTypeName(nested.type)}`, {
      fault: 'unsupported',
    })
  if (names.length > 0 && new Set(names).size >= fields.length)
    throw new TableError(`${table}: a table cannot be partitioned by all of its columns`, { fault: 'unsupported' })
}

/** Columns of these types, each of which may be null. */
export const nullableFields = (types: Readonly<Record<string, DeltaType>>): readonly DeltaField[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, nullable: true, metadata: {} }))

/** The columns of those names, in their order. Throws TableError `mismatch` for a name that no column has. */
export function fieldsNamed(
  schema: readonly DeltaField[],
  names: readonly string[],
  table: string,
): readonly DeltaField[] {
  return names.map((name) => {
    const found = schema.find((field) => field.name === name)
    if (found !== undefined) return found
    throw new TableError(`${table}: has no column ${name}`, {
      fault: 'mismatch',
      hint: `its columns are ${schema.map((field) => field.name).join(', ')}`,
    })
  })
}

/** Whether both have the same columns of the same types in the same order. */
export function isSameSchema(a: readonly DeltaField[], b: readonly DeltaField[]): boolean {
  const text = (fields: readonly DeltaField[]): string =>
    JSON.stringify(fields.map(({ name, type }) => [name, deltaTypeName(type)]))
  return text(a) === text(b)
}

/**
 * The columns the table has after a write with `declared` ones: those it has, in their order, and new ones behind them.
 * Throws TableError `mismatch` when a column has another type than declared, or is not declared at all.
 */
export function evolvedSchema(
  stored: readonly DeltaField[],
  declared: readonly DeltaField[],
  table: string,
): readonly DeltaField[] {
  const known = new Map(declared.map((one) => [one.name.toLowerCase(), one]))
  for (const { name, type: of } of stored) {
    const wanted = known.get(name.toLowerCase())
    if (wanted === undefined)
      throw new TableError(`${table}: the stored table has a column ${name}, which is not declared`, {
        fault: 'mismatch',
        hint: 'declare the column, or move the table away and build it again',
      })
    if (deltaTypeName(wanted.type) !== deltaTypeName(of))
      throw new TableError(
        `${table}.${name}: stored as ${deltaTypeName(of)}, declared as ${deltaTypeName(wanted.type)}`,
        {
          fault: 'mismatch',
          hint: 'a type cannot change: name the column anew, or move the table away and build it again',
        },
      )
  }
  const present = new Set(stored.map(({ name }) => name.toLowerCase()))
  return [...stored, ...declared.filter(({ name }) => !present.has(name.toLowerCase()))]
}

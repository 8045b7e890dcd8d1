import { z } from 'zod'
import { TableError } from '../errors.ts'
import { deltaTypeName, fieldsNamed, type DeltaField, type DeltaType } from './schema.ts'

const changesKey = 'delta.typeChanges'
const changes = z.array(z.looseObject({ fromType: z.string(), toType: z.string() }))

/** Throws TableError: `unsupported` when files hold a type that does not widen to the one of the schema, `corrupt` when the schema does not say what changed. */
export function checkTypeChanges(fields: readonly DeltaField[], table: string): void {
  for (const { name, type, metadata } of fields) {
    const column = `${table}.${name}`
    const parsed = changes.safeParse(metadata[changesKey] ?? [])
    if (!parsed.success)
      throw new TableError(`${column}: its type changes cannot be read`, { fault: 'corrupt', cause: parsed.error })
    const wrong = parsed.data.find(({ fromType, toType }) => !isWidening(fromType, toType))
    if (wrong !== undefined)
      throw new TableError(`${column}: its type changed from ${wrong.fromType} to ${wrong.toType}`, {
        fault: 'unsupported',
        hint: 'use Spark for this table, or write it anew',
      })
    checkInner(type, column)
  }
}

function checkInner(type: DeltaType, column: string): void {
  if (typeof type === 'string') return
  if (type.type === 'struct') return checkTypeChanges(type.fields, column)
  if (type.type === 'array') return checkInner(type.elementType, column)
  checkInner(type.keyType, column)
  checkInner(type.valueType, column)
}

/** A type that takes the place of another, in a column or a field. `fieldPath` leads into lists and maps: `element`, `key`, `value.element`. */
interface TypeChange {
  readonly fromType: string
  readonly toType: string
  readonly fieldPath?: string
}

/** A type of which a part was widened, and the change that its column must note, unless a field within has. */
interface Widened {
  readonly type: DeltaType
  readonly change?: TypeChange
}

/**
 * The columns after one of them, or a field within it, has got a wider type. `path` is the column and the names down from it; lists have an
 * `element`, maps a `key` and a `value`. Throws TableError: `mismatch` when there is no such field, `unsupported` when its type does not widen so.
 */
export function withWiderType(
  fields: readonly DeltaField[],
  [name = '', ...rest]: readonly string[],
  to: string,
  table: string,
): readonly DeltaField[] {
  const [wide] = fieldsNamed(fields, [name], table).map((field): DeltaField => {
    const { type, change } = widened(field.type, rest, to, `${table}.${name}`)
    if (change === undefined) return { ...field, type }
    const known = changes.parse(field.metadata[changesKey] ?? [])
    return { ...field, type, metadata: { ...field.metadata, [changesKey]: [...known, change] } }
  })
  return fields.map((field) => (wide !== undefined && field.name === name ? wide : field))
}

function widened(type: DeltaType, path: readonly string[], to: string, column: string): Widened {
  const [name, ...rest] = path
  if (name === undefined) {
    if (typeof type === 'string' && isWidening(type, to)) return { type: to, change: { fromType: type, toType: to } }
    const from = deltaTypeName(type)
    throw new TableError(`${column}: a column of type ${from} does not widen to ${to}`, {
      fault: 'unsupported',
      hint: widerTypes[from.replace(/\(.*/, '')] ?? 'add a column of that type, and fill it',
    })
  }
  if (typeof type !== 'string' && type.type === 'struct')
    return { type: { ...type, fields: withWiderType(type.fields, path, to, column) } }
  const part = typeof type === 'string' ? undefined : partOf(type, name)
  if (part === undefined)
    throw new TableError(`${column}: has no field ${name}`, {
      fault: 'mismatch',
      hint: `it is of type ${deltaTypeName(type)}`,
    })
  const inner = widened(part.type, rest, to, `${column}.${name}`)
  if (inner.change === undefined) return { type: part.with(inner.type) }
  const fieldPath = [name, inner.change.fieldPath].filter((one) => one !== undefined).join('.')
  return { type: part.with(inner.type), change: { ...inner.change, fieldPath } }
}

/** What a list or a map is made of, by its name, and the whole with another in its place. */
function partOf(
  type: Exclude<DeltaType, string>,
  name: string,
): { readonly type: DeltaType; with(type: DeltaType): DeltaType } | undefined {
  if (type.type === 'array' && name === 'element')
    return { type: type.elementType, with: (elementType) => ({ ...type, elementType }) }
  if (type.type === 'map' && name === 'key') return { type: type.keyType, with: (keyType) => ({ ...type, keyType }) }
  if (type.type === 'map' && name === 'value')
    return { type: type.valueType, with: (valueType) => ({ ...type, valueType }) }
  return undefined
}

const ofIntegers = 'double, and decimals with ten digits before the point'
const widerTypes: Readonly<Record<string, string>> = {
  byte: `it widens to short, integer, long, ${ofIntegers}`,
  short: `it widens to integer, long, ${ofIntegers}`,
  integer: `it widens to long, ${ofIntegers}`,
  long: 'it widens to decimals with twenty digits before the point',
  float: 'it widens to double',
  date: 'it widens to timestamp_ntz',
  decimal: 'it widens to decimals with no fewer digits before the point, and no fewer behind it',
}

/** Whether files may hold a column as floats, whose bounds are those of rounded numbers. */
export const wasFloat = ({ metadata }: DeltaField): boolean =>
  changes.safeParse(metadata[changesKey] ?? []).data?.some(({ fromType }) => fromType === 'float') === true

const integers = ['byte', 'short', 'integer', 'long']
// the digits of an integer as a decimal that may take its place
const digits: Readonly<Record<string, number>> = { byte: 10, short: 10, integer: 10, long: 20 }

/** Whether every value of a type is one of another, by the protocol's list of changes. */
export function isWidening(from: string, to: string): boolean {
  if (from === to) return true
  if (integers.includes(from) && integers.includes(to)) return integers.indexOf(from) < integers.indexOf(to)
  if (to === 'double') return from === 'float' || (from !== 'long' && integers.includes(from))
  if (from === 'date') return to === 'timestamp_ntz'
  const wide = decimalOf(to)
  const narrow = digits[from] === undefined ? decimalOf(from) : { precision: digits[from], scale: 0 }
  if (wide === undefined || narrow === undefined) return false
  const moreScale = wide.scale - narrow.scale
  return moreScale >= 0 && wide.precision - narrow.precision >= moreScale
}

function decimalOf(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+),\s*(\d+)\)$/.exec(type) ?? []
  return precision === undefined ? undefined : { precision: Number(precision), scale: Number(scale) }
}

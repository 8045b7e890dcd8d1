import { z } from 'zod'
import { TableError } from '../errors.ts'
import type { DeltaField, DeltaType } from './schema.ts'

const changes = z.array(z.object({ fromType: z.string(), toType: z.string() }))

/** Throws TableError: `unsupported` when files hold a type that does not widen to the one of the schema, `corrupt` when the schema does not say what changed. */
export function checkTypeChanges(fields: readonly DeltaField[], table: string): void {
  for (const { name, type, metadata } of fields) {
    const column = `${table}.${name}`
    const parsed = changes.safeParse(metadata['delta.typeChanges'] ?? [])
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

import { typeName, type Type } from './types.ts'
import type { Node } from './node.ts'

/** What a program may hand over as a value. */
export type JsValue = string | number | boolean | Date | null

/**
 * The value as a node of `type`. Throws TypeError on what the type or no engine can hold: a fraction or too large a number in an integer,
 * text with half a surrogate pair, a malformed date.
 */
export function literal(value: JsValue, type: Type): Node {
  if (value instanceof Date) return literal(isoText(value), type)
  if (typeof value === 'number' && type !== 'double' && comparedAs(value, type) !== type)
    throw new TypeError(`${value} is no ${typeName(type)}; cast the column first`)
  if (typeof value === 'string') checkText(value, type)
  return { op: 'literal', value, type }
}

/** The type in which a value is compared with a column of `type`: a fraction beside an integer column makes it a double, so that 9 < 9.5. */
export function comparedAs(value: unknown, type: Type): Type {
  if (typeof value !== 'number' || (type !== 'int' && type !== 'bigint')) return type
  if (!Number.isSafeInteger(value)) return 'double'
  return type === 'int' && Math.abs(value) > 0x7fffffff ? 'bigint' : type
}

const isoText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) throw new TypeError('not a timestamp: Invalid Date')
  return date.toISOString()
}

const forms: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/,
}

function checkText(value: string, type: Type): void {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError(`text with half a surrogate pair: ${JSON.stringify(value)}`)
  const form = typeof type === 'string' ? forms[type] : undefined
  if (form !== undefined && !(form.test(value) && isOnTheCalendar(value)))
    throw new TypeError(`not a ${typeName(type)}: ${JSON.stringify(value)}`)
}

// Date.parse takes 30 February for 1 March, and 24:00 for the next day
function isOnTheCalendar(value: string): boolean {
  const ms = Date.parse(value)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value.slice(0, 19).replace('Z', ''))
}

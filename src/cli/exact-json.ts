/**
 * A value of a Delta table as JSON in one line that loses nothing: integers with all their digits, NaN and infinities as text, binary as base64,
 * maps as objects by the text of their keys.
 */
export function exactJson(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value))
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString('base64'))
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`
  if (value instanceof Map) return object([...value].map(([key, one]) => [keyText(key), one]))
  return typeof value === 'object' ? object(Object.entries(value)) : JSON.stringify(value)
}

const object = (entries: readonly (readonly [string, unknown])[]): string =>
  `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${exactJson(one)}`).join(',')}}`

const keyText = (key: unknown): string => (typeof key === 'string' ? key : exactJson(key))

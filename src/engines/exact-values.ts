/** The integer as a number. Throws RangeError beyond 2^53, where a number would round it. */
export function exact(value: bigint, name: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${name}: ${value} is beyond 2^53; cast it to string`)
  return number
}

/** Microseconds since 1970 as `2025-12-09T10:45:30.000000Z`. */
export function instant(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const millis = new Date(Number((micros - rest) / 1000n)).toISOString()
  return `${millis.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

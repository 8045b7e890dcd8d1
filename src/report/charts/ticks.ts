/** Round values on a logarithmic axis from `low` to `high`, ascending, at most `most`: the finer the more fit. */
export function logTicks(low: number, high: number, most: number): readonly number[] {
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, at) => first + at)
  const steps: readonly (readonly [readonly number[], number])[] = [
    [[1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9], 1],
    [[1, 2, 5], 1],
    [[1, 3], 1],
    [[1], 1],
    [[1], 2],
    [[1], 3],
    [[1], 4],
  ]
  const choices = steps.map(([digits, every]) =>
    powers
      .filter((power) => power % every === 0)
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= low && tick <= high),
  )
  const leastRatio = (high / low) ** (0.9 / most)
  const isSpread = (ticks: readonly number[]): boolean =>
    ticks.every((tick, at) => at === 0 || tick / (ticks[at - 1] ?? tick) >= leastRatio)
  return choices.find((ticks) => ticks.length <= most && isSpread(ticks)) ?? []
}

/** Round values from 0 to `high`, evenly spaced, at most `most` of them beside 0. */
export function linearTicks(high: number, most: number): readonly number[] {
  if (!(high > 0)) return [0]
  const power = Math.floor(Math.log10(high / most))
  const step = [1, 2, 5, 10].map((digit) => Number(`${digit}e${power}`)).find((each) => high / each <= most) ?? high
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(12)))
}

/** The part of a logarithmic axis that values from `low` to `high` need, with room at both ends. */
export function logDomain(values: readonly number[], room = 1.15): [low: number, high: number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const grown = Math.max(room, (high / low) ** 0.04)
  return [low / grown, high * grown]
}

/** Round years from `low` to `high`, evenly spaced, at most `most`. */
export function yearTicks(low: number, high: number, most: number): readonly number[] {
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => (high - low) / each < most) ?? 200
  const first = Math.ceil(low / step) * step
  return Array.from({ length: Math.max(0, Math.floor((high - first) / step) + 1) }, (_, at) => first + at * step)
}

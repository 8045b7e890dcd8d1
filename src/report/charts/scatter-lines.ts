import type { Label } from './labels.ts'

/** The two ends of an axis. */
export type Domain = readonly [low: number, high: number]
/** A point in the units of the axes. */
export type Point = readonly [x: number, y: number]

/** The part of the line ln(y) = intercept + slope · ln(x) that is within both axes, as its two ends; empty when it is nowhere within. */
export function clipped(intercept: number, slope: number, x: Domain, y: Domain): readonly Point[] {
  const within = y.map((end) => (slope === 0 ? Math.log(end) : (Math.log(end) - intercept) / slope))
  const low = slope === 0 ? Math.log(x[0]) : Math.max(Math.log(x[0]), Math.min(...within))
  const high = slope === 0 ? Math.log(x[1]) : Math.min(Math.log(x[1]), Math.max(...within))
  if (!(low < high)) return []
  return [low, high].map((at): Point => [Math.exp(at), Math.exp(intercept + slope * at)])
}

/** A label for a line between two ends on logarithmic axes, `part` of the way along it; none when there is no line. */
export function lineLabel(text: string, [from, to]: readonly Point[], part: number, fill: string): readonly Label[] {
  if (from === undefined || to === undefined) return []
  const between = (a: number, b: number): number => a ** (1 - part) * b ** part
  return [{ text, x: between(from[0], to[0]), y: between(from[1], to[1]), fill }]
}

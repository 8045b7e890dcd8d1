/** A value on a day; null where it was not known. */
export interface DayValue {
  readonly on: string
  readonly value: number | null
}

interface Props {
  readonly name: string
  readonly points: readonly DayValue[]
  readonly format: (value: number | null) => string
}

const width = 160
const height = 36
const margin = 4

/** How a value went over days, as a small line with its last value; nothing where fewer than two days are known. */
export function Spark({ name, points, format }: Props) {
  const known = points.flatMap(({ on, value }) => (value === null ? [] : [{ at: Date.parse(on), value }]))
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined || first === last) return null
  const values = known.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (at: number): number => margin + ((width - 2 * margin) * (at - first.at)) / (last.at - first.at)
  const y = (value: number): number =>
    high === low ? height / 2 : height - margin - ((height - 2 * margin) * (value - low)) / (high - low)
  const path = known.map(
    ({ at, value }, place) => `${place === 0 ? 'M' : 'L'}${x(at).toFixed(1)},${y(value).toFixed(1)}`,
  )
  return (
    <figure class="spark">
      <figcaption>{name}</figcaption>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${name} from ${format(first.value)} to ${format(last.value)}`}
      >
        <path d={path.join('')} />
        <circle cx={x(last.at)} cy={y(last.value)} r="3" />
      </svg>
      <span>{format(last.value)}</span>
    </figure>
  )
}

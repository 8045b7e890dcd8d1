import { dot, line } from '@observablehq/plot'
import { count, exp, floor, lit, ln, max, median, round, struct, when, type Column } from '../../frame/index.ts'
import { exactMean } from '../../gold/exact.ts'
import { defaultRules } from '../../rules.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage, type Film } from './coverage.ts'
import { filmsText, numberText } from './format.ts'
import { labels, type Label } from './labels.ts'
import type { LegendItem } from './legend.ts'
import { drawScatter, filmDots, filmLabels, type Order } from './scatter.ts'
import { linearTicks, logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'popularity-against-rating'

const mostFilms = 2000
const leastVotes = defaultRules.rating_min_votes
const leastForMedian = 5
const cellsPerPoint = 8
const bandsPerPoint = 2

const isRated = (f: Film) => f.vote_average.isNotNull().and(f.popularity.gt(0)).and(f.vote_count.ge(leastVotes))

/**
 * Films with ten votes or more: one row per film while there are 2,000 at most, else one per cell of an eighth of a point of rating and of a power of ten of
 * popularity, with the middle of its films and, by name, the most popular one. Then, with null for the film, one row per half point of rating with the
 * median popularity.
 */
export function query(sources: ChartSources) {
  const counted = coverage(sources, isRated).as('counted')
  const rated = sources.films.filter(isRated).dropNulls('vote_average', 'popularity')
  const cells = rated
    .joinOn(counted.select('shown'), always)
    .select((f) => ({
      vote_average: f.vote_average,
      ln_popularity: ln(f.popularity),
      x_cell: when(f.shown.gt(mostFilms), floor(f.vote_average.multiply(cellsPerPoint))).otherwise(
        f.movie_id.cast('double'),
      ),
      y_cell: when(f.shown.gt(mostFilms), eighth(f.popularity)).otherwise(lit(0, 'double')),
      top: struct({ popularity: f.popularity, order: f.movie_id.multiply(-1), title: f.title, rating: f.vote_average }),
    }))
    .groupBy('x_cell', 'y_cell')
    .agg((f) => ({
      film_count: count(),
      vote_average: round(exactMean(f.vote_average), 4),
      popularity: round(exp(exactMean(f.ln_popularity, 1e9)), 6),
      top: max(f.top),
    }))
    .select((c) => ({
      film_count: c.film_count,
      vote_average: c.vote_average,
      popularity: c.popularity,
      top_id: c.top.fields.order.multiply(-1),
      top_title: c.top.fields.title,
      top_vote_average: c.top.fields.rating,
      top_popularity: c.top.fields.popularity,
    }))
  const medians = rated
    .select((f) => ({
      band: floor(f.vote_average.multiply(bandsPerPoint)).divide(bandsPerPoint),
      popularity: f.popularity,
    }))
    .groupBy('band')
    .agg((f) => ({ film_count: count(), popularity: median(f.popularity) }))
    .select((b) => ({
      film_count: b.film_count,
      popularity: b.popularity,
      vote_average: b.band.plus(lit(0.25, 'double')),
      top_id: lit(null, 'bigint'),
      top_title: lit(null, 'string'),
      top_vote_average: lit(null, 'double'),
      top_popularity: lit(null, 'double'),
    }))
  return cells
    .unionByName(medians)
    .joinOn(counted, always)
    .dropNulls('vote_average', 'popularity')
    .orderBy((r) => [r.film_count.desc(), r.top_id, r.vote_average])
}

const eighth = (value: Column<'double' | null>) => floor(ln(value).multiply(8 / Math.LN10))

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  return {
    title: 'TMDB popularity against rating, log scale',
    subtitle: coverageText(rows, `with a popularity and ${leastVotes} votes or more`),
    description:
      first === undefined
        ? `No film has a popularity and ${leastVotes} votes`
        : `Scatter plot of ${filmsText(first.shown)}, popularity against mean vote, with the median popularity of each half point`,
  }
}

/** A point a film, or a cell of films, with the median of each half point of rating; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  const cells = rows.filter((row) => row.top_id !== null)
  if (cells.length === 0) return undefined
  const { palette } = canvas
  const medians = rows
    .filter((row) => row.top_id === null && row.film_count >= leastForMedian)
    .toSorted((a, b) => a.vote_average - b.vote_average)
  const ratings = cells.flatMap((row) => [row.vote_average, row.top_vote_average ?? row.vote_average])
  const [low, high] = [Math.max(0, Math.min(...ratings) - 0.3), Math.min(10, Math.max(...ratings) + 0.3)]
  const y = logDomain(cells.flatMap((row) => [row.popularity, row.top_popularity ?? row.popularity]))
  const fillOpacity = cells.length > 100 ? 0.5 : 0.85
  const largest = Math.max(...cells.map((row) => row.film_count))
  const place = { x: 'vote_average', y: 'popularity' }
  const diamond = { ...place, symbol: 'diamond2', r: 5, fill: palette.accent, stroke: palette.ink } as const
  const points = [...cells, ...medians].map((row) => ({ x: row.vote_average, y: row.popularity }))
  return drawScatter(canvas, {
    legend: legendOf(largest > 1, medians.length > 0, canvas),
    x: { domain: [low, high] },
    y: { type: 'log', domain: y },
    below: { format: numberText, label: 'mean vote, 0 to 10' },
    left: { format: numberText, label: 'popularity' },
    ticks: (most) => ({
      x: linearTicks(high, Math.floor((most * high) / (high - low))).filter((tick) => tick >= low),
      y: logTicks(...y, most),
    }),
    marks: [
      filmDots(cells, { ...place, symbol: 'circle', fill: palette.main, fillOpacity, largest }, meaningOf),
      // dark on a rim: in grey the accent is as light as a crowd of films
      line(medians, { ...place, stroke: palette.background, strokeWidth: 5 }),
      line(medians, { ...place, stroke: palette.ink, strokeWidth: 2 }),
      dot(medians, { ...diamond, sort: null, ...clickable(medians, meaningOf) }),
      labels(filmLabels(cells, named, labelOf), points, palette),
    ],
  })
}

const legendOf = (hasCells: boolean, hasMedians: boolean, { palette }: Canvas): readonly LegendItem[] => [
  { name: hasCells ? 'Films, larger for more' : 'Film', color: palette.main, shape: 'circle' },
  ...(hasMedians ? [{ name: 'Median of each half point', color: palette.accent, shape: 'diamond' } as const] : []),
]

const popularity = (row: Row): number => row.top_popularity ?? 0
const rating = (row: Row): number => row.top_vote_average ?? 0

/** The most popular, and the ends of both axes. */
const named: readonly Order<Row>[] = [
  [popularity, 4],
  [rating, 2],
  [(row) => -rating(row), 2],
  [(row) => -popularity(row), 2],
  [popularity, 12],
]

const labelOf = (row: Row): Label => ({ text: row.top_title ?? '', x: rating(row), y: popularity(row) })

function meaningOf(row: Row): Meaning {
  const where = `popularity ${numberText(row.popularity)}, rating ${row.vote_average.toFixed(1)}`
  if (row.top_id === null)
    return {
      filter: ratingsAround(row.vote_average, bandsPerPoint),
      tip: `Median of ${filmsText(row.film_count)}: ${where}`,
    }
  return row.film_count === 1
    ? { filter: `movie=${row.top_id}`, tip: `${row.top_title}: ${where}` }
    : {
        filter: ratingsAround(rating(row), cellsPerPoint),
        tip: `${filmsText(row.film_count)} around ${where}, among them ${row.top_title}`,
      }
}

// TMDB gives ratings with three decimals: the next cell begins a thousandth later
function ratingsAround(value: number, perPoint: number): string {
  const from = Math.floor(value * perPoint) / perPoint
  return `rating=${from}-${Number((from + 1 / perPoint - 0.001).toFixed(3))}`
}

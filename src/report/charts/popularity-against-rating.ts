import { dot, line } from '@observablehq/plot'
import { count, exp, floor, lit, ln, max, median, round, struct, when, type Column } from '../../frame/index.ts'
import { exactMean } from '../../gold/exact.ts'
import { defaultRules } from '../../rules.ts'
import { axisBelow, axisLeft, axisLeftPx } from './axes.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage, type Film } from './coverage.ts'
import { filmsText, numberText } from './format.ts'
import { labels, type Label } from './labels.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { plotted } from './plot.ts'
import { linearTicks, logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'popularity-against-rating'

const mostFilms = 2000
const leastVotes = defaultRules.rating_min_votes
const leastForMedian = 5

const isRated = (f: Film) => f.vote_average.isNotNull().and(f.popularity.gt(0)).and(f.vote_count.ge(leastVotes))

/**
 * Films with ten votes or more: one row per film while there are 2,000 at most, else one per cell of an eighth of a point of rating and of a power of ten of
 * popularity, with the middle of its films and, by name, the most popular one. Then, with null for the film, one row per half point of rating with the
 * median popularity.
 */
export function query({ films }: ChartSources) {
  const rated = films
    .filter(isRated)
    .dropNulls('vote_average', 'popularity')
    .joinOn(coverage(films, isRated), always)
    .select((f) => ({
      ...{ films: f.films, shown: f.shown, vote_average: f.vote_average, popularity: f.popularity },
      ln_popularity: ln(f.popularity),
      band: floor(f.vote_average.multiply(2)).divide(2),
      x_cell: when(f.shown.gt(mostFilms), floor(f.vote_average.multiply(8))).otherwise(f.movie_id.cast('double')),
      y_cell: when(f.shown.gt(mostFilms), eighth(f.popularity)).otherwise(lit(0, 'double')),
      top: struct({ popularity: f.popularity, order: f.movie_id.multiply(-1), title: f.title, rating: f.vote_average }),
    }))
  const cells = rated
    .groupBy('films', 'shown', 'x_cell', 'y_cell')
    .agg((f) => ({
      film_count: count(),
      vote_average: round(exactMean(f.vote_average), 4),
      popularity: round(exp(exactMean(f.ln_popularity, 1e9)), 6),
      top: max(f.top),
    }))
    .select((c) => ({
      ...{ films: c.films, shown: c.shown, film_count: c.film_count },
      ...{ vote_average: c.vote_average, popularity: c.popularity },
      top_id: c.top.fields.order.multiply(-1),
      top_title: c.top.fields.title,
      top_vote_average: c.top.fields.rating,
      top_popularity: c.top.fields.popularity,
    }))
  const medians = rated
    .groupBy('films', 'shown', 'band')
    .agg((f) => ({ film_count: count(), popularity: median(f.popularity) }))
    .select((b) => ({
      ...{ films: b.films, shown: b.shown, film_count: b.film_count, popularity: b.popularity },
      vote_average: b.band.plus(lit(0.25, 'double')),
      ...{ top_id: lit(null, 'bigint'), top_title: lit(null, 'string') },
      ...{ top_vote_average: lit(null, 'double'), top_popularity: lit(null, 'double') },
    }))
  return cells
    .unionByName(medians)
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
  const { palette, width } = canvas
  const medians = rows
    .filter((row) => row.top_id === null && row.film_count >= leastForMedian)
    .toSorted((a, b) => a.vote_average - b.vote_average)
  const largest = Math.max(...cells.map((row) => row.film_count))
  const items = legendOf(largest > 1, medians.length > 0, canvas)
  const marginTop = legendHeight(items, width) + 24
  const height = Math.round(Math.min(520, Math.max(300, width * 0.55))) + marginTop
  const ratings = cells.flatMap((row) => [row.vote_average, row.top_vote_average ?? row.vote_average])
  const x: [number, number] = [Math.max(0, Math.min(...ratings) - 0.3), Math.min(10, Math.max(...ratings) + 0.3)]
  const y = logDomain(cells.flatMap((row) => [row.popularity, row.top_popularity ?? row.popularity]))
  const ticks = linearTicks(x[1], Math.floor((width / 70) * (x[1] / (x[1] - x[0])))).filter((tick) => tick >= x[0])
  const svg = plotted(canvas, {
    ...{ height, marginTop, marginLeft: axisLeftPx, marginRight: 12, marginBottom: 44 },
    x: { domain: x },
    y: { type: 'log', domain: y },
    r: { type: 'identity' },
    marks: [
      axisBelow({ ticks, format: numberText, label: 'mean vote, 0 to 10' }, palette),
      axisLeft({ ticks: logTicks(...y, height / 50), format: numberText, label: 'popularity' }, palette),
      dot(cells, {
        ...{ x: 'vote_average', y: 'popularity', fill: palette.main, fillOpacity: cells.length > 100 ? 0.5 : 0.85 },
        r: (row: Row) => (largest === 1 ? 3 : 1.8 + 5 * Math.sqrt((row.film_count - 1) / largest)),
        ...{ sort: null, ...clickable(cells, meaningOf) },
      }),
      line(medians, { x: 'vote_average', y: 'popularity', stroke: palette.accent, strokeWidth: 2 }),
      dot(medians, {
        ...{ x: 'vote_average', y: 'popularity', r: 5, symbol: 'diamond2', fill: palette.accent },
        ...{ stroke: palette.background, sort: null, ...clickable(medians, meaningOf) },
      }),
      labels(filmLabels(cells), [...cells, ...medians].map(pointOf), palette),
    ],
  })
  addLegend(svg, items, canvas)
  return svg
}

const pointOf = (row: Row) => ({ x: row.vote_average, y: row.popularity })

const legendOf = (hasCells: boolean, hasMedians: boolean, { palette }: Canvas): readonly LegendItem[] => [
  { name: hasCells ? 'Films, larger for more' : 'Film', color: palette.main, shape: 'circle' },
  ...(hasMedians ? [{ name: 'Median of each half point', color: palette.accent, shape: 'diamond' } as const] : []),
]

/** The films to name: the most popular, and the ends of both axes. */
function filmLabels(cells: Rows): readonly Label[] {
  const by = (value: (row: Row) => number, from: number, to: number): Rows =>
    cells.toSorted((a, b) => value(b) - value(a) || (a.top_id ?? 0) - (b.top_id ?? 0)).slice(from, to)
  const popularity = (row: Row): number => row.top_popularity ?? 0
  const rating = (row: Row): number => row.top_vote_average ?? 0
  const chosen = [
    ...by(popularity, 0, 4),
    ...by(rating, 0, 2),
    ...by((row) => -rating(row), 0, 2),
    ...by((row) => -popularity(row), 0, 2),
    ...by(popularity, 4, 12),
  ]
  return [...new Set(chosen)].map((row) => ({
    ...{ text: row.top_title ?? '', x: rating(row), y: popularity(row), isRinged: true },
  }))
}

function meaningOf(row: Row): Meaning {
  const place = `popularity ${numberText(row.popularity)}, rating ${row.vote_average.toFixed(1)}`
  if (row.top_id === null) return { tip: `Median of ${filmsText(row.film_count)}: ${place}` }
  return row.film_count === 1
    ? { filter: `movie=${row.top_id}`, tip: `${row.top_title}: ${place}` }
    : { tip: `${filmsText(row.film_count)} around ${place}, among them ${row.top_title}` }
}

import { widthOf } from '../frame/text-width.ts'
import type { Kpis } from '../index.ts'
import { formatInstant, formatNumber, type Unit } from '../report/numbers.ts'
import { bar, greatest } from './bar.ts'
import { rankingsText } from './rankings-text.ts'
import type { Terminal } from './terminal.ts'
import { padded, textTable, type TextColumn } from './text-table.ts'

type Row = Readonly<Record<string, unknown>>
type Draw = Pick<Terminal, 'styled' | 'columns' | 'isUnicode'>

/** Hits, genres and years shown; `--json` has them all. */
const shownRows = 10
const widest = 120
const shortestBar = 6
const longestBar = 30

/** All KPIs as lines of text, no wider than the terminal and made for 80 places. */
export function kpisText(kpis: Kpis, terminal: Draw): string[] {
  const width = Math.min(terminal.columns(), widest)
  return [
    ...rankingsText(kpis.rankings, width, terminal),
    ...Object.entries(kpis.searches).flatMap(([name, rows]) => [...search(name, rows, width, terminal), '']),
    ...tables(kpis).flatMap((table) => [...section(table, width, terminal), '']),
    ...published(kpis, width).map((line) => terminal.styled('dim', line)),
  ]
}

interface Section {
  readonly title: string
  readonly rows: readonly Row[]
  readonly columns: readonly (readonly [column: string, title: string, unit?: Unit])[]
  /** The column that is drawn as bars where there is room for them. */
  readonly bars?: string
  /** What is said when not all rows are shown. */
  readonly more?: string
}

const tables = (kpis: Kpis): Section[] => [
  {
    title: 'Franchise vs standalone',
    rows: kpis.franchise_vs_standalone,
    bars: 'mean_revenue_musd',
    columns: [
      ['kind', ''],
      ['movie_count', 'movies', 'count'],
      ['mean_revenue_musd', 'mean rev. M$', 'musd'],
      ['median_roi', 'median ROI', 'ratio'],
      ['mean_budget_musd', 'mean bud. M$', 'musd'],
      ['mean_popularity', 'popularity', 'plain'],
      ['mean_rating', 'rating', 'rating'],
    ],
  },
  {
    title: 'Top franchises, by total revenue',
    rows: kpis.franchises,
    bars: 'total_revenue_musd',
    columns: [
      ['name', 'collection'],
      ['movie_count', 'movies', 'count'],
      ['total_revenue_musd', 'revenue M$', 'musd'],
      ['mean_revenue_musd', 'mean', 'musd'],
      ['total_budget_musd', 'budget M$', 'musd'],
      ['mean_budget_musd', 'mean', 'musd'],
      ['mean_rating', 'rating', 'rating'],
    ],
  },
  {
    title: 'Top directors, by total revenue',
    rows: kpis.directors,
    bars: 'total_revenue_musd',
    columns: [
      ['name', 'director'],
      ['movie_count', 'movies', 'count'],
      ['total_revenue_musd', 'revenue M$', 'musd'],
      ['mean_rating', 'rating', 'rating'],
    ],
  },
  {
    title: 'Genres, by median ROI',
    rows: descending(kpis.genres, 'roi_median'),
    bars: 'roi_median',
    more: 'select * from gold.genres',
    columns: [
      ['genre', 'genre'],
      ['movie_count', 'movies', 'count'],
      ['total_revenue_musd', 'revenue M$', 'musd'],
      ['roi_q1', 'ROI q1', 'ratio'],
      ['roi_median', 'median', 'ratio'],
      ['roi_q3', 'q3', 'ratio'],
      ['mean_rating', 'rating', 'rating'],
    ],
  },
  {
    title: 'Years, the newest first',
    rows: descending(kpis.years, 'year'),
    bars: 'total_revenue_musd',
    more: 'select * from gold.years',
    columns: [
      ['year', 'year'],
      ['movie_count', 'movies', 'count'],
      ['total_revenue_musd', 'revenue M$', 'musd'],
      ['mean_revenue_musd', 'mean revenue M$', 'musd'],
      ['mean_budget_musd', 'mean budget M$', 'musd'],
    ],
  },
]

function section({ title, rows, columns, bars, more }: Section, width: number, draw: Draw): string[] {
  const { styled } = draw
  const shown = more === undefined ? rows : rows.slice(0, shownRows)
  const cells = shown.map((row) =>
    columns.map(([name, , unit]) => (unit === undefined ? String(row[name] ?? '-') : formatNumber(row[name], unit))),
  )
  const head = columns.map(([, header, unit]): TextColumn => ({
    title: header,
    isRight: unit !== undefined,
    isElastic: unit === undefined,
  }))
  const hidden = rows.length - shown.length
  const lines = textTable(head, cells, width)
  const values = bars === undefined ? [] : shown.map((row) => row[bars])
  const [, drawn = ''] = columns.find(([name]) => name === bars) ?? []
  const [header = '', ...body] = withBars(lines, drawn, values, width, draw)
  return [
    styled('bold', title),
    ...(rows.length === 0 ? ['(no movies)'] : [styled('dim', header), ...body]),
    ...(hidden === 0 ? [] : [styled('dim', `… ${hidden} more: movielake query "${more}"`)]),
  ]
}

/** The lines of a table with a bar behind each, as long as there is room for one that says something; `drawn` heads them. */
function withBars(
  lines: readonly string[],
  drawn: string,
  values: readonly unknown[],
  width: number,
  draw: Draw,
): string[] {
  const taken = Math.max(0, ...lines.map(widthOf)) + 2
  const room = Math.min(longestBar, width - taken)
  if (room < Math.max(shortestBar, drawn.length) || values.length === 0) return [...lines]
  const most = greatest(values)
  return lines.map((line, i) => {
    const last = i === 0 ? drawn : bar(values[i - 1], most, room, draw.isUnicode)
    return `${padded(line, taken)}${last}`.trimEnd()
  })
}

function search(name: string, rows: Kpis['searches'][string], width: number, draw: Draw): string[] {
  return section(
    {
      title: `Search ${name}`,
      rows: rows.map((row) => ({ ...row, title: `${row.title}${yearOf(row.release_date)}` })),
      more: `select * from gold.search_results where search = '${name}'`,
      columns: [
        ['title', 'title'],
        ['vote_average', 'rating', 'rating'],
        ['vote_count', 'votes', 'count'],
        ['runtime', 'minutes', 'count'],
      ],
    },
    width,
    draw,
  )
}

const yearOf = (date: unknown): string => (typeof date === 'string' ? ` (${date.slice(0, 4)})` : '')

function descending(rows: readonly Row[], column: string): Row[] {
  const of = (row: Row): number => (typeof row[column] === 'number' ? row[column] : -Infinity)
  return rows.toSorted((a, b) => of(b) - of(a) || 0)
}

function published({ published: { run_id, at, versions } }: Kpis, width: number): string[] {
  const byVersion = new Map<number, string[]>()
  for (const [name, version] of Object.entries(versions))
    if (name.startsWith('gold.')) byVersion.set(version, [...(byVersion.get(version) ?? []), name])
  const parts = [...byVersion].map(([version, names]) =>
    byVersion.size === 1 ? `all gold tables at version ${version}` : `version ${version} of ${names.join(', ')}`,
  )
  return wrapped(`Published by run ${run_id} at ${formatInstant(at)} UTC: ${parts.join('; ')}.`, width)
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length === 0 || longer.length > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

import type { Frame } from '../frame/index.ts'
import { directors } from '../gold/directors.ts'
import { franchiseVsStandalone } from '../gold/franchise-vs-standalone.ts'
import { franchises } from '../gold/franchises.ts'
import { genres } from '../gold/genres.ts'
import { rankingList, rankings } from '../gold/rankings.ts'
import { searchResults } from '../gold/search-results.ts'
import { years } from '../gold/years.ts'
import type { Rules } from '../rules.ts'
import type { RowOfTable, Table } from '../table.ts'

/** Opens a table in the state that readers see. */
export type OpenTable = <S>(table: Table<S>) => Frame<S>

/** The KPIs: rankings and searches by name, the other tables in KPI order. */
export interface KpiTables {
  readonly rankings: Readonly<Record<string, readonly RankedMovie[]>>
  readonly searches: Readonly<Record<string, readonly Omit<RowOfTable<typeof searchResults>, 'search'>[]>>
  readonly franchise_vs_standalone: readonly RowOfTable<typeof franchiseVsStandalone>[]
  readonly franchises: readonly RowOfTable<typeof franchises>[]
  readonly directors: readonly RowOfTable<typeof directors>[]
  readonly genres: readonly RowOfTable<typeof genres>[]
  readonly years: readonly RowOfTable<typeof years>[]
}

/** A movie at its place in a ranking; `unit` is that of `value`. */
export type RankedMovie = Omit<RowOfTable<typeof rankings>, 'ranking'>

/** Reads the KPIs. Franchises and directors are the `top` with the highest revenue, ties by name, then id; a ranking without movies and a search without hits are empty lists. */
export async function readKpis(open: OpenTable, rules: Pick<Rules, 'searches'>, top: number): Promise<KpiTables> {
  const ranked = await open(rankings)
    .filter((r) => r.rank.le(top))
    .orderBy((r) => [r.ranking, r.rank])
    .collect()
  const found = await open(searchResults)
    .orderBy((s) => [s.search, s.rank])
    .collect()
  return {
    rankings: byName(
      rankingList.map(({ ranking }) => ranking),
      ranked,
      'ranking',
    ),
    searches: byName(Object.keys(rules.searches), found, 'search'),
    franchise_vs_standalone: await open(franchiseVsStandalone)
      .orderBy((f) => [f.kind])
      .collect(),
    franchises: await open(franchises)
      .orderBy((f) => [f.total_revenue_musd.desc(), f.name, f.collection_id])
      .limit(top)
      .collect(),
    directors: await open(directors)
      .orderBy((d) => [d.total_revenue_musd.desc(), d.name, d.person_id])
      .limit(top)
      .collect(),
    genres: await open(genres)
      .orderBy((g) => [g.movie_count.desc(), g.genre])
      .collect(),
    years: await open(years)
      .orderBy((y) => [y.year])
      .collect(),
  }
}

function byName<R extends Readonly<Record<N, string>>, N extends string>(
  names: readonly string[],
  rows: readonly R[],
  by: N,
): Record<string, Omit<R, N>[]> {
  const named: Record<string, Omit<R, N>[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (const { [by]: name, ...rest } of rows) named[name]?.push(rest)
  return named
}

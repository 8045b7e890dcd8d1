import type { KpiTables } from './kpis.ts'
import { rankingTitle, rankingUnit } from './ranking-titles.ts'
import { reportTable, type ReportTable } from './report-table.ts'

/** Tables under one heading. */
export interface TableGroup {
  readonly id: string
  readonly title: string
  /** A sentence or two on how to read them. */
  readonly about: string
  readonly tables: readonly ReportTable[]
}

/** What the KPI tables need to explain themselves. */
export interface KpiRules {
  readonly roi_min_budget_musd: number
  readonly rating_min_votes: number
}

/** All KPIs as tables: the numbers of `kpis --json`, written for people. */
export const kpiGroups = (kpis: KpiTables, { roi_min_budget_musd, rating_min_votes }: KpiRules): TableGroup[] => [
  {
    id: 'rankings',
    title: 'Rankings',
    about: `Money is in millions of US dollars, as TMDB has it. ROI is revenue as a multiple of the budget, of films with a budget of at least ${roi_min_budget_musd} million; ratings are ranked from ${rating_min_votes} votes on.`,
    tables: Object.entries(kpis.rankings).map(([name, rows]) => ranking(name, rows)),
  },
  {
    id: 'franchises',
    title: 'Franchises and standalone films',
    about: 'A franchise is a collection of TMDB. Means and medians are over the films whose value is known.',
    tables: [versus(kpis.franchise_vs_standalone), topFranchises(kpis.franchises)],
  },
  {
    id: 'directors',
    title: 'Directors',
    about: 'A film with two directors counts for both.',
    tables: [topDirectors(kpis.directors)],
  },
  {
    id: 'genres',
    title: 'Genres',
    about: 'A film with two genres counts for both. The quartiles of ROI are exact.',
    tables: [genreTable(kpis.genres)],
  },
  {
    id: 'years',
    title: 'Years of release',
    about: 'Films without a release date are in no year.',
    tables: [yearTable(kpis.years)],
  },
  {
    id: 'searches',
    title: 'Searches',
    about: 'Saved searches over the films; the config names them.',
    tables: Object.entries(kpis.searches).map(([name, rows]) => search(name, rows)),
  },
]

const valueTitles = { musd: 'M$', ratio: 'ROI', count: 'votes', rating: 'rating', plain: 'popularity' } as const

function ranking(name: string, rows: KpiTables['rankings'][string]): ReportTable {
  const unit = rankingUnit(name)
  return reportTable(rankingTitle(name), rows, [
    ['rank', '', 'count'],
    ['title', 'film'],
    ['value', valueTitles[unit], unit],
  ])
}

function search(name: string, rows: KpiTables['searches'][string]): ReportTable {
  return reportTable(rankingTitle(name), rows, [
    ['title', 'film'],
    ['release_date', 'released'],
    ['vote_average', 'rating', 'rating'],
    ['vote_count', 'votes', 'count'],
    ['runtime', 'minutes', 'count'],
  ])
}

const versus = (rows: KpiTables['franchise_vs_standalone']): ReportTable =>
  reportTable('Franchise films against standalone films', rows, [
    ['kind', 'kind'],
    ['movie_count', 'films', 'count'],
    ['mean_revenue_musd', 'mean revenue, M$', 'musd'],
    ['median_roi', 'median ROI', 'ratio'],
    ['mean_budget_musd', 'mean budget, M$', 'musd'],
    ['mean_popularity', 'mean popularity', 'plain'],
    ['mean_rating', 'mean rating', 'rating'],
  ])

const topFranchises = (rows: KpiTables['franchises']): ReportTable =>
  reportTable('Franchises with the highest total revenue', rows, [
    ['name', 'collection'],
    ['movie_count', 'films', 'count'],
    ['total_revenue_musd', 'total revenue, M$', 'musd'],
    ['mean_revenue_musd', 'mean revenue, M$', 'musd'],
    ['total_budget_musd', 'total budget, M$', 'musd'],
    ['mean_budget_musd', 'mean budget, M$', 'musd'],
    ['mean_rating', 'mean rating', 'rating'],
  ])

const topDirectors = (rows: KpiTables['directors']): ReportTable =>
  reportTable('Directors with the highest total revenue', rows, [
    ['name', 'director'],
    ['movie_count', 'films', 'count'],
    ['total_revenue_musd', 'total revenue, M$', 'musd'],
    ['mean_rating', 'mean rating', 'rating'],
  ])

const genreTable = (rows: KpiTables['genres']): ReportTable =>
  reportTable('Genres by number of films', rows, [
    ['genre', 'genre'],
    ['movie_count', 'films', 'count'],
    ['total_revenue_musd', 'total revenue, M$', 'musd'],
    ['roi_count', 'films with ROI', 'count'],
    ['roi_q1', 'ROI, lower quartile', 'ratio'],
    ['roi_median', 'median', 'ratio'],
    ['roi_q3', 'upper quartile', 'ratio'],
    ['mean_rating', 'mean rating', 'rating'],
  ])

const yearTable = (rows: KpiTables['years']): ReportTable =>
  reportTable('Years, the newest first', rows.toReversed(), [
    ['year', 'year'],
    ['movie_count', 'films', 'count'],
    ['total_revenue_musd', 'total revenue, M$', 'musd'],
    ['mean_revenue_musd', 'mean revenue, M$', 'musd'],
    ['mean_budget_musd', 'mean budget, M$', 'musd'],
    ['mean_rating', 'mean rating', 'rating'],
  ])

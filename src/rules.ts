/** One search over the movies: all conditions hold, names are matched whole. */
export interface Search {
  readonly genres: readonly string[]
  readonly cast: readonly string[]
  readonly directors: readonly string[]
  /** What the hits are ordered by, nulls last; ties go to the lower movie id. */
  readonly order_by:
    'vote_average' | 'vote_count' | 'popularity' | 'runtime' | 'release_date' | 'revenue_musd' | 'budget_musd'
  readonly direction: 'asc' | 'desc'
}

/** The rules of the data that the config may change. Tables are built by them; a changed rule rebuilds what depends on it. */
export interface Rules {
  /** Statuses that silver keeps; other movies go to quarantine as `not_released`. */
  readonly keep_status: readonly string[]
  /** How many of the 22 curated columns a movie needs; others go to quarantine as `fewer_than_10_filled`. */
  readonly min_filled_columns: number
  /** Dates before this day are null and a warning. */
  readonly earliest_release_date: string
  /** Texts that mean nothing was entered, compared in any case after trimming. */
  readonly null_texts: readonly string[]
  /** Budgets above 0 and below this many US dollars are a warning: they were entered in another unit. */
  readonly suspicious_budget_usd: number
  /** Payload fields left out of `silver.movies_curated`. */
  readonly drop_columns: readonly string[]
  /** Budgets below this many million USD have no return on investment. */
  readonly roi_min_budget_musd: number
  /** Fewer votes than this and a rating is not ranked. */
  readonly rating_min_votes: number
  /** Places a ranking has. */
  readonly top: number
  /** Searches by name, in the order they are shown. */
  readonly searches: Readonly<Record<string, Search>>
}

/** The rules of the assignment this system answers. */
export const defaultRules: Rules = {
  keep_status: ['Released'],
  min_filled_columns: 10,
  earliest_release_date: '1888-01-01',
  null_texts: ['No Data', 'N/A'],
  suspicious_budget_usd: 1000,
  drop_columns: ['adult', 'imdb_id', 'original_title', 'video', 'homepage'],
  roi_min_budget_musd: 10,
  rating_min_votes: 10,
  top: 10,
  searches: {
    bruce_willis_scifi_action: {
      genres: ['Science Fiction', 'Action'],
      cast: ['Bruce Willis'],
      directors: [],
      order_by: 'vote_average',
      direction: 'desc',
    },
    uma_thurman_tarantino: {
      genres: [],
      cast: ['Uma Thurman'],
      directors: ['Quentin Tarantino'],
      order_by: 'runtime',
      direction: 'asc',
    },
  },
}

import { bronzeMovies, newBronzeMovies } from '../bronze/movies.ts'
import { when } from '../frame/index.ts'
import { bigint, date, double, table } from '../table.ts'
import { answers } from './answers.ts'
import { millions } from './cleaning.ts'
import { newestPerDay, newestPerMovie } from './newest.ts'
import { measuresPayload } from './payload.ts'

const unknown = { nullable: true } as const
const musd = { unit: 'million USD', nullable: true } as const
const stamp = ['movie_id', 'fetched_at', 'run_id'] as const

/**
 * What changes from day to day: the last answer of each day with a movie in it, whatever silver makes of the movie, so that a movie's past
 * stays when it leaves silver.
 */
export const movieMeasures = table({
  name: 'silver.movie_measures',
  grain: 'one row per movie and ingestion date',
  key: ['movie_id', 'measured_on'],
  from: { answers, added: newBronzeMovies, bronze: bronzeMovies },
  columns: {
    movie_id: bigint('TMDB id of the movie'),
    measured_on: date('ingestion date of the answer'),
    popularity: double('TMDB popularity', unknown),
    vote_average: double('mean vote, 0 to 10; null without votes', unknown),
    vote_count: bigint('votes', unknown),
    budget_musd: double('budget', musd),
    revenue_musd: double('worldwide revenue', musd),
  },
  build: ({ answers, added, bronze }) => {
    const columns = ['movie_id', 'ingestion_date', 'popularity', 'vote_average', 'vote_count'] as const
    const newest = answers.filter((a) => a.http_status.eq(200)).select(...columns, 'budget_musd', 'revenue_musd')
    // which of the other answers are wanted is found on narrow columns
    const known = bronze.join(added.select('movie_id'), ['movie_id'], 'semi')
    const lastOfEarlierDays = newestPerDay(known.filter((a) => a.http_status.eq(200)))
      .join(newestPerMovie(known), stamp, 'anti')
      .as('last_of_earlier_days')
    const earlier = added
      // answers may be too many for one machine, days are not; a new lake has none, and no payload is read
      .join(lastOfEarlierDays.select('ingestion_date').distinct().hint('broadcast'), ['ingestion_date'], 'semi')
      .join(lastOfEarlierDays, stamp, 'semi')
      .parseJson('payload', 'document', measuresPayload)
      .as('earlier_days')
      .select(({ movie_id, ingestion_date, document: { fields: m } }) => ({
        movie_id,
        ingestion_date,
        popularity: m.popularity,
        vote_average: when(m.vote_count.gt(0), m.vote_average),
        vote_count: m.vote_count,
        budget_musd: millions(m.budget),
        revenue_musd: millions(m.revenue),
      }))
    return newest.unionByName(earlier).rename({ ingestion_date: 'measured_on' })
  },
})

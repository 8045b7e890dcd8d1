import { lag, rowNumber } from '../frame/index.ts'
import { movieMeasures } from '../silver/movie-measures.ts'
import { movies } from '../silver/movies.ts'
import { bigint, date, double, string, table } from '../table.ts'

const change = (what: string) => double(`${what} minus the one before; null when either is unknown`, { nullable: true })
const changeMusd = (what: string) =>
  double(`${what} minus the one before; null when either is unknown`, { unit: 'million USD', nullable: true })

/** What changed between the last two days each movie was asked for. Movies asked for on one day only are not here. */
export const movers = table({
  name: 'gold.movers',
  grain: 'one row per movie measured on two days or more',
  key: ['movie_id'],
  from: { movies, measures: movieMeasures },
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    measured_on: date('day of the newest measures'),
    previous_on: date('day of the measures before'),
    popularity: double('newest popularity', { nullable: true }),
    popularity_change: change('popularity'),
    vote_average_change: change('vote_average'),
    vote_count_change: bigint('vote_count minus the one before', { nullable: true }),
    budget_change_musd: changeMusd('budget_musd'),
    revenue_change_musd: changeMusd('revenue_musd'),
  },
  build: ({ movies, measures }) => {
    const compared = measures
      .select((m) => {
        const inTime = { partitionBy: [m.movie_id], orderBy: [m.measured_on] }
        return {
          movie_id: m.movie_id,
          measured_on: m.measured_on,
          popularity: m.popularity,
          vote_average: m.vote_average,
          vote_count: m.vote_count,
          budget_musd: m.budget_musd,
          revenue_musd: m.revenue_musd,
          previous_on: lag(m.measured_on).over(inTime),
          previous_popularity: lag(m.popularity).over(inTime),
          previous_average: lag(m.vote_average).over(inTime),
          previous_count: lag(m.vote_count).over(inTime),
          previous_budget: lag(m.budget_musd).over(inTime),
          previous_revenue: lag(m.revenue_musd).over(inTime),
          place: rowNumber().over({ partitionBy: [m.movie_id], orderBy: [m.measured_on.desc()] }),
        }
      })
      .as('compared')
      .filter((m) => m.place.eq(1))
      .dropNulls('previous_on')
      .select((m) => ({
        movie_id: m.movie_id,
        measured_on: m.measured_on,
        previous_on: m.previous_on,
        popularity: m.popularity,
        popularity_change: m.popularity.minus(m.previous_popularity),
        vote_average_change: m.vote_average.minus(m.previous_average),
        vote_count_change: m.vote_count.minus(m.previous_count),
        budget_change_musd: m.budget_musd.minus(m.previous_budget),
        revenue_change_musd: m.revenue_musd.minus(m.previous_revenue),
      }))
    return compared.join(movies.select('movie_id', 'title'), ['movie_id'])
  },
})

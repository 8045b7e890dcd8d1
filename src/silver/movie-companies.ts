import { max } from '../frame/index.ts'
import { bigint, string, table } from '../table.ts'
import { answers } from './answers.ts'
import { cleaner } from './cleaning.ts'

/** Which companies made each movie. */
export const movieCompanies = table({
  name: 'silver.movie_companies',
  grain: 'one row per movie and company',
  key: ['movie_id', 'company_id'],
  from: { answers },
  columns: {
    movie_id: bigint('TMDB id of the movie'),
    company_id: bigint('TMDB id of the company'),
    company: string('name of the company'),
    origin_country: string('ISO 3166-1 code of where it sits; null when unknown', { nullable: true }),
  },
  build: ({ answers }, rules) => {
    const cleaned = cleaner(rules.null_texts)
    return answers
      .filter((a) => a.refusal.isNull())
      .select('movie_id', 'company_list')
      .explode('company_list', 'item')
      .select(({ movie_id, item: { fields: c } }) => ({
        movie_id,
        company_id: c.id.tryCast('bigint'),
        name: cleaned(c.name),
        country: cleaned(c.origin_country),
      }))
      .dropNulls('company_id', 'name')
      .groupBy('movie_id', 'company_id')
      .agg((a) => ({ company: max(a.name), origin_country: max(a.country) }))
      .dropNulls('company')
  },
})

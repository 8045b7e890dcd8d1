import { max } from '../frame/index.ts'
import { bigint, string, table } from '../table.ts'
import { answers } from './answers.ts'
import { cleaner } from './cleaning.ts'

/** Which countries each movie was made in. */
export const movieCountries = table({
  name: 'silver.movie_countries',
  grain: 'one row per movie and country of production',
  key: ['movie_id', 'iso_3166_1'],
  from: { answers },
  columns: {
    movie_id: bigint('TMDB id of the movie'),
    iso_3166_1: string('ISO 3166-1 code of the country'),
    country: string('name of the country'),
  },
  build: ({ answers }, rules) => {
    const cleaned = cleaner(rules.null_texts)
    return answers
      .filter((a) => a.refusal.isNull())
      .select('movie_id', 'country_list')
      .explode('country_list', 'item')
      .select((a) => ({
        movie_id: a.movie_id,
        iso_3166_1: cleaned(a.item.fields.iso_3166_1),
        name: cleaned(a.item.fields.name),
      }))
      .dropNulls('iso_3166_1', 'name')
      .groupBy('movie_id', 'iso_3166_1')
      .agg((a) => ({ country: max(a.name) }))
      .dropNulls('country')
  },
})

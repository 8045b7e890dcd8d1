import { coalesce, max } from '../frame/index.ts'
import { bigint, string, table } from '../table.ts'
import { answers } from './answers.ts'
import { cleaner } from './cleaning.ts'

/** Which languages are spoken in each movie. */
export const movieLanguages = table({
  name: 'silver.movie_languages',
  grain: 'one row per movie and spoken language',
  key: ['movie_id', 'iso_639_1'],
  from: { answers },
  columns: {
    movie_id: bigint('TMDB id of the movie'),
    iso_639_1: string('ISO 639-1 code of the language'),
    language: string('name in the language itself, else in English'),
  },
  build: ({ answers }, rules) => {
    const cleaned = cleaner(rules.null_texts)
    return answers
      .filter((a) => a.refusal.isNull())
      .select('movie_id', 'language_list')
      .explode('language_list', 'item')
      .select((a) => ({
        movie_id: a.movie_id,
        iso_639_1: cleaned(a.item.fields.iso_639_1),
        name: coalesce(cleaned(a.item.fields.name), cleaned(a.item.fields.english_name)),
      }))
      .dropNulls('iso_639_1', 'name')
      .groupBy('movie_id', 'iso_639_1')
      .agg((a) => ({ language: max(a.name) }))
      .dropNulls('language')
  },
})

import { max } from '../frame/index.ts'
import { bigint, string, table } from '../table.ts'
import { answers } from './answers.ts'
import { cleaner } from './cleaning.ts'

/** Which genres each movie has. */
export const movieGenres = table({
  name: 'silver.movie_genres',
  grain: 'one row per movie and genre',
  key: ['movie_id', 'genre_id'],
  from: { answers },
  columns: {
    movie_id: bigint('TMDB id of the movie'),
    genre_id: bigint('TMDB id of the genre'),
    genre: string('name of the genre'),
  },
  build: ({ answers }, rules) => {
    const cleaned = cleaner(rules.null_texts)
    return answers
      .filter((a) => a.refusal.isNull())
      .select('movie_id', 'genre_list')
      .explode('genre_list', 'item')
      .select((a) => ({
        movie_id: a.movie_id,
        genre_id: a.item.fields.id.tryCast('bigint'),
        name: cleaned(a.item.fields.name),
      }))
      .dropNulls('genre_id', 'name')
      .groupBy('movie_id', 'genre_id')
      .agg((a) => ({ genre: max(a.name) }))
      .dropNulls('genre')
  },
})

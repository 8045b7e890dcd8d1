import { bronzeMovies, newBronzeMovies } from '../bronze/movies.ts'
import type { Frame } from '../frame/index.ts'
import { relation, type Table } from '../table.ts'
import { defaultRules, type Rules } from '../rules.ts'
import { cleanedAnswers } from './cleaned-answers.ts'
import { newestPerMovie } from './newest.ts'

/** The rows of bronze a build works on, and the bronze they are the newest of. */
export interface AnswersInputs {
  readonly added: typeof bronzeMovies.frame
  readonly bronze: typeof bronzeMovies.frame
}

/**
 * The newest answer of each movie that has new ones, parsed once and cleaned, with `refusal` where silver does not keep the movie.
 * One row per movie; a movie whose newest answer was taken in before has none. `http_status` 404 means that TMDB has it no more.
 */
export const buildAnswers = ({ added, bronze }: AnswersInputs, rules: Rules) =>
  added
    .join(
      // ids and stamps of movies are few beside their payloads, which are not to be moved
      newestPerMovie(bronze.join(added.select('movie_id'), ['movie_id'], 'semi')).hint('broadcast'),
      ['movie_id', 'fetched_at', 'run_id'],
      'semi',
    )
    .as('newest_answers')
    .transform((newest) => cleanedAnswers(newest, rules))

type Schema = ReturnType<typeof buildAnswers> extends Frame<infer S> ? S : never

/** The staged answers as an input of the silver tables. Not a table of the lake: a build makes it and drops it. */
export const answers: Table<Schema> = {
  name: 'silver.answers',
  grain: 'one row per movie with new answers',
  key: ['movie_id'],
  columns: {},
  inputs: { added: newBronzeMovies, bronze: bronzeMovies },
  frame: relation(
    'silver.answers',
    buildAnswers({ added: bronzeMovies.frame, bronze: bronzeMovies.frame }, defaultRules).types,
  ),
  build: (inputs, rules = defaultRules) => buildAnswers(inputs as unknown as AnswersInputs, rules),
}

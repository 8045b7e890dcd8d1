import type { bronzeMovies } from '../bronze/movies.ts'
import {
  array,
  arrayCompact,
  arrayDistinct,
  arrayJoin,
  arrayPosition,
  arrayRemove,
  arraySortBy,
  coalesce,
  concat,
  elementAt,
  emptyArray,
  exists,
  filter,
  lit,
  size,
  struct,
  structOf,
  transform,
  when,
  type ArrayOf,
  type Column,
  type StructOf,
} from '../frame/index.ts'
import type { Json } from '../frame/types.ts'
import type { Rules } from '../rules.ts'
import { cleanChecker, cleaner, filledCount, millions, positive } from './cleaning.ts'
import { hasDoubleCredits } from './credit-rows.ts'
import { payload } from './payload.ts'
import { mistypedFields, warningList } from './warnings.ts'

const person = structOf({ person_id: 'bigint', name: 'string' })

/**
 * The answers parsed, typed and cleaned by the rules of the data. `refusal` is the reason why silver does not keep a movie
 * (`gone` for a tombstone), null for those it keeps; `warnings` is what is odd about the answer.
 */
export const cleanedAnswers = (answers: typeof bronzeMovies.frame, rules: Rules) =>
  parsedAnswers(answers, rules)
    .as('cleaned')
    .withColumns((m) => ({
      // nearly every movie has one director; the look at each pair is for the others
      directors: when(size(m.directors).gt(1), onePerPerson(m.directors)).otherwise(m.directors),
      warnings: warningList(m, rules),
      // the 22 columns of silver.movies_curated
      filled_count: filledCount(
        m.movie_id,
        m.title,
        m.tagline,
        m.release_date,
        m.genres,
        m.collection_name,
        m.original_language,
        m.budget_musd,
        m.revenue_musd,
        m.production_companies,
        m.production_countries,
        m.vote_count,
        m.vote_average,
        m.popularity,
        m.runtime,
        m.overview,
        m.spoken_languages,
        m.poster_path,
        m.cast,
        m.cast_size,
        m.directors,
        m.crew_size,
      ),
    }))
    .drop('release_date_text', 'budget_text', 'mistyped')
    .as('counted')
    .withColumns((m) => ({
      refusal: when(m.http_status.ne(200), 'gone')
        .when(coalesce(m.status.isin(rules.keep_status), false).not(), 'not_released')
        .when(m.title.isNull(), 'title_missing')
        .when(m.filled_count.lt(rules.min_filled_columns), `fewer_than_${rules.min_filled_columns}_filled`),
      refusal_detail: when(
        coalesce(m.status.isin(rules.keep_status), false).not(),
        concat('status is ', coalesce(m.status, 'missing')),
      )
        .when(m.title.isNull(), 'title stands for nothing')
        .otherwise(concat(m.filled_count.cast('string'), ' of 22 columns filled')),
    }))

function parsedAnswers(answers: typeof bronzeMovies.frame, rules: Rules) {
  const cleaned = cleaner(rules.null_texts)
  const areClean = cleanChecker(rules.null_texts)
  /** The names of a list's entries, cleaned. Nearly all lists need no cleaning, which is found out without a lambda: Spark interprets these. */
  const names = (texts: Texts, clean: () => Texts = () => transform(texts, cleaned)): Column<ArrayOf<'string'>> =>
    coalesce(
      when(areClean(texts), texts as Column<ArrayOf<'string'>>).otherwise(arrayCompact(clean())),
      emptyArray('string'),
    )
  return answers
    .parseJson('payload', 'document', payload)
    .as('parsed')
    .select(({ movie_id, fetched_at, ingestion_date, run_id, http_status, payload: text, document: { fields: m } }) => {
      const { cast, crew } = m.credits.fields
      const released = cleaned(m.release_date).tryCast('date')
      return {
        movie_id,
        fetched_at,
        ingestion_date,
        run_id,
        http_status,
        status: cleaned(m.status),
        adult: m.adult,
        video: m.video,
        title: cleaned(m.title),
        original_title: cleaned(m.original_title),
        tagline: cleaned(m.tagline),
        overview: cleaned(m.overview),
        release_date: when(released.ge(rules.earliest_release_date), released),
        original_language: cleaned(m.original_language),
        collection_id: m.belongs_to_collection.fields.id,
        collection_name: cleaned(m.belongs_to_collection.fields.name),
        genres: names(transform(m.genres, (g) => g.fields.name)),
        production_companies: names(transform(m.production_companies, (c) => c.fields.name)),
        production_countries: names(transform(m.production_countries, (c) => c.fields.name)),
        spoken_languages: names(
          transform(m.spoken_languages, (l) => l.fields.name),
          () => transform(m.spoken_languages, (l) => coalesce(cleaned(l.fields.name), cleaned(l.fields.english_name))),
        ),
        cast: names(transform(billed(cast), (p) => p.fields.name)),
        cast_size: size(cast),
        directors: directorsOf(crew, cleaned),
        crew_size: size(crew),
        budget_musd: millions(m.budget),
        revenue_musd: millions(m.revenue),
        runtime: positive(m.runtime),
        popularity: m.popularity,
        vote_average: when(coalesce(m.vote_count.gt(0), true), m.vote_average),
        vote_count: m.vote_count,
        imdb_id: cleaned(m.imdb_id),
        poster_path: cleaned(m.poster_path),
        backdrop_path: cleaned(m.backdrop_path),
        homepage: cleaned(m.homepage),
        genre_list: m.genres,
        company_list: m.production_companies,
        country_list: m.production_countries,
        language_list: m.spoken_languages,
        cast_list: cast,
        crew_list: crew,
        has_double_credits: hasDoubleCredits(cast, crew),
        release_date_text: cleaned(m.release_date),
        budget_text: when(m.budget.gt(0), m.budget.cast('string')),
        // the body of a tombstone need not be JSON
        mistyped: when(http_status.eq(200), mistypedFields(text, m)),
      }
    })
}

type Director = StructOf<{ person_id: 'bigint' | null; name: 'string' | null }>

/** Each person once, spelled as the last of the spellings in alphabetical order. People without an id are told apart by name. */
const onePerPerson = (directors: Column<ArrayOf<Director>>): Column<ArrayOf<Director>> =>
  filter(directors, ({ fields: one }) =>
    exists(directors, ({ fields: other }) => other.person_id.eq(one.person_id).and(other.name.gt(one.name))).not(),
  )

type Texts = Column<ArrayOf<'string' | null> | null>
type Cleaned = (text: Column<'string' | null>) => Column<'string' | null>
type Credits = (typeof payload)['struct']['credits']['struct']
type Cast = Column<Json<Credits['cast']> | null>
type Crew = Column<Json<Credits['crew']> | null>

/** Who directed, in alphabetical order, each person and spelling once. */
function directorsOf(crew: Crew, cleaned: Cleaned): Column<ArrayOf<Director>> {
  const nobody = emptyArray(person)
  const jobs = transform(crew, (p) => p.fields.job)
  const count = size(jobs).minus(size(arrayRemove(jobs, 'Director')))
  const one = elementAt(crew, arrayPosition(jobs, 'Director')).fields
  const name = cleaned(one.name)
  const onlyOne = when(name.isNotNull(), array(struct({ person_id: one.id.tryCast('bigint'), name }))).otherwise(nobody)
  const named = transform(
    filter(crew, (p) => p.fields.job.eq('Director')),
    (p) => struct({ name: cleaned(p.fields.name), person_id: p.fields.id.tryCast('bigint') }),
  )
  const several = transform(arrayDistinct(filter(named, (p) => p.fields.name.isNotNull())), (p) =>
    struct({ person_id: p.fields.person_id, name: p.fields.name }),
  )
  return when(count.eq(1), onlyOne).when(count.gt(1), coalesce(several, nobody)).otherwise(nobody)
}

/** The cast by billing order. Most lists come numbered from 0, and nearly all in order. */
function billed(cast: Cast): Cast {
  const places = arrayJoin(
    transform(cast, (p) => p.fields.order),
    ',',
    '',
  )
  const isNumbered = lit(numbersFrom0).startsWith(concat(places, ','))
  return when(isNumbered, cast).otherwise(arraySortBy(cast, (p) => p.fields.order.tryCast('int')))
}
const numbersFrom0 = Array.from({ length: 500 }, (_, i) => `${i},`).join('')

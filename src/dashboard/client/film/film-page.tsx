import type { FilmAnswer } from '../../api-types.ts'
import { Link } from '../parts/link.tsx'
import { Loaded } from '../parts/states.tsx'
import { api, withQuery } from '../state/api.ts'
import { filterQuery } from '../state/filters.ts'
import { formatLanguage, formatRuntime } from '../state/format.ts'
import { useTitle } from '../state/title.ts'
import { useAnswer } from '../state/use-answer.ts'
import { Cast, Crew } from './people.tsx'
import { History } from './history.tsx'
import { Money } from './money.tsx'

/** A film: its money, its people, its history over ingestion dates. */
export function FilmPage({ id, query }: { readonly id: string; readonly query: URLSearchParams }) {
  const answer = useAnswer(api.film(id))
  const film = answer.value?.film
  useTitle(film?.title ?? 'Film')
  return (
    <>
      <p class="crumbs">
        <Link href={withQuery('/', filterQuery(query))}>← All films</Link>
      </p>
      {film === undefined && <h1 class="sr-only">Film {id}</h1>}
      <Loaded answer={answer}>{(value) => <Film answer={value} />}</Loaded>
    </>
  )
}

function Film({ answer }: { readonly answer: FilmAnswer }) {
  const { film, tagline, overview, original_title, imdb_id } = answer
  return (
    <article class="film">
      <header class="film-head">
        <h1>
          {film.title} {film.year !== null && <span class="film-year">{film.year}</span>}
        </h1>
        {original_title !== null && original_title !== film.title && <p class="film-original">{original_title}</p>}
        {tagline !== null && <p class="film-tagline">{tagline}</p>}
        <Facts answer={answer} />
        {overview !== null && <p class="film-overview">{overview}</p>}
        <p class="film-links">
          <a href={`https://www.themoviedb.org/movie/${film.movie_id}`} rel="noreferrer">
            TMDB
          </a>
          {imdb_id !== null && (
            <a href={`https://www.imdb.com/title/${imdb_id}/`} rel="noreferrer">
              IMDb
            </a>
          )}
        </p>
      </header>
      <div class="columns">
        <div class="stack">
          <Money film={film} rankings={answer.rankings} />
          <History history={answer.history} />
          <Crew crew={answer.crew} size={answer.crew_size} />
        </div>
        <div class="stack">
          <Cast cast={answer.cast} size={answer.cast_size} />
        </div>
      </div>
    </article>
  )
}

function Facts({ answer }: { readonly answer: FilmAnswer }) {
  const { film, production_companies, spoken_languages } = answer
  const { release_date, runtime, original_language, collection_id, collection_name } = film
  return (
    <dl class="facts">
      {fact('Released', release_date)}
      {fact('Runtime', runtime === null ? null : formatRuntime(runtime))}
      {fact('Genres', links('genre', film.genres))}
      {fact(
        'Franchise',
        collection_id === null ? null : link('collection', String(collection_id), collection_name ?? ''),
      )}
      {fact(
        'Language',
        original_language === null ? null : link('language', original_language, formatLanguage(original_language)),
      )}
      {fact('Countries', links('country', film.countries))}
      {fact('Spoken', spoken_languages.join(', '))}
      {fact('Companies', production_companies.join(', '))}
    </dl>
  )
}

function fact(name: string, value: preact.ComponentChildren) {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function links(name: string, values: readonly (string | null)[]) {
  return values
    .filter((value) => value !== null)
    .map((value, at) => (
      <span key={value}>
        {at > 0 && ', '}
        {link(name, value, value)}
      </span>
    ))
}

function link(name: string, value: string, text: string) {
  return <Link href={withQuery('/', new URLSearchParams({ [name]: value }).toString())}>{text}</Link>
}

import type { Engine } from '../../engines/engine.ts'
import type { Frame } from '../../frame/index.ts'
import { rankings } from '../../gold/rankings.ts'
import { openIfThere } from '../../pipeline/open-if-there.ts'
import { films } from '../../report/films.ts'
import { credits } from '../../silver/credits.ts'
import { movieMeasures } from '../../silver/movie-measures.ts'
import { movies } from '../../silver/movies.ts'
import type { RowOfTable, Table } from '../../table.ts'
import { NotFoundError } from '../answer-error.ts'
import type { CrewMember, FilmAnswer, FilmRow } from '../api-types.ts'
import type { Publication } from '../publication.ts'

type Credit = RowOfTable<typeof credits>

const castShown = 20
const crewShown = 30
const shownJobs = [
  'Director',
  'Screenplay',
  'Writer',
  'Story',
  'Novel',
  'Producer',
  'Executive Producer',
  'Original Music Composer',
  'Director of Photography',
  'Editor',
]

/** All that the film's page shows, of the publication that the rest of the dashboard shows. Throws NotFoundError. */
export async function answerFilm(
  publication: Publication,
  engine: Engine,
  id: number,
  signal: AbortSignal,
): Promise<FilmAnswer> {
  const columns = Object.keys(films.columns).join(', ')
  const sql = `SELECT ${columns} FROM films WHERE movie_id = $1::BIGINT`
  const { rows } = await publication.ask({ sql, columns: films.frame.types, parameters: [id] }, signal)
  const [film] = rows as readonly FilmRow[]
  if (film === undefined) throw new NotFoundError(`there is no film ${id}`, { hint: `movielake show ${id} says why` })
  const { versions } = publication.published
  const read = async <S>(
    table: Table<S> & { readonly frame: Frame<S> },
    ask: (frame: Frame<S>) => Promise<unknown>,
  ): Promise<unknown> => {
    const version = versions[table.name]
    const frame = version === undefined ? undefined : await openIfThere(engine, table, { version })
    return frame === undefined ? [] : ask(frame)
  }
  const [known, people, measured, ranked] = await Promise.all([
    read(movies, (frame) => frame.filter((m) => m.movie_id.eq(id)).collect(signal)),
    read(credits, (frame) => frame.filter((c) => c.movie_id.eq(id)).collect(signal)),
    read(movieMeasures, (frame) =>
      frame
        .filter((m) => m.movie_id.eq(id))
        .drop('movie_id')
        .orderBy((m) => [m.measured_on])
        .collect(signal),
    ),
    read(rankings, (frame) =>
      frame
        .filter((r) => r.movie_id.eq(id))
        .select('ranking', 'rank')
        .orderBy((r) => [r.rank, r.ranking])
        .collect(signal),
    ),
  ])
  const [movie] = known as readonly RowOfTable<typeof movies>[]
  return {
    film,
    original_title: movie?.original_title ?? null,
    tagline: movie?.tagline ?? null,
    overview: movie?.overview ?? null,
    production_companies: movie?.production_companies ?? [],
    spoken_languages: movie?.spoken_languages ?? [],
    imdb_id: movie?.imdb_id ?? null,
    ...peopleOf(people as readonly Credit[]),
    rankings: ranked as FilmAnswer['rankings'],
    history: measured as FilmAnswer['history'],
  }
}

function peopleOf(people: readonly Credit[]): Pick<FilmAnswer, 'cast' | 'cast_size' | 'crew' | 'crew_size'> {
  const last = Number.POSITIVE_INFINITY
  const cast = people
    .filter(({ kind }) => kind === 'cast')
    .toSorted((a, b) => (a.billing_order ?? last) - (b.billing_order ?? last) || a.name.localeCompare(b.name, 'en'))
  const crew = people.filter(({ kind }) => kind === 'crew')
  return {
    cast: cast.slice(0, castShown).map(({ person_id, name, character }) => ({ person_id, name, character })),
    cast_size: cast.length,
    crew: mainCrew(crew).slice(0, crewShown),
    crew_size: crew.length,
  }
}

/** Who has one of the jobs that are shown, in the order of the jobs, each person once. */
function mainCrew(crew: readonly Credit[]): readonly CrewMember[] {
  const found = new Map<number, { person_id: number; name: string; jobs: string[] }>()
  for (const job of shownJobs)
    for (const { person_id, name } of crew
      .filter((one) => one.job === job)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))) {
      const member = found.get(person_id) ?? { person_id, name, jobs: [] }
      member.jobs.push(job)
      found.set(person_id, member)
    }
  return [...found.values()]
}

import type { CastMember, CrewMember } from '../../api-types.ts'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage } from '../parts/states.tsx'
import { formatCount } from '../state/format.ts'

/** Who is in front of the camera. */
export function Cast({ cast, size }: { readonly cast: readonly CastMember[]; readonly size: number }) {
  return (
    <Panel id="cast" title="Cast" subtitle={shownOf(cast.length, size)} isLoading={false}>
      {cast.length === 0 && <EmptyMessage why="TMDB names no cast" />}
      <ul class="people">
        {cast.map(({ person_id, name, character }, at) => (
          <li key={`${person_id} ${at}`}>
            <span>{name}</span>
            <span class="role">{character}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Who is behind it; directors lead to all their films. */
export function Crew({ crew, size }: { readonly crew: readonly CrewMember[]; readonly size: number }) {
  return (
    <Panel id="crew" title="Crew" subtitle={shownOf(crew.length, size)} isLoading={false}>
      {crew.length === 0 && <EmptyMessage why="TMDB names no crew" />}
      <ul class="people">
        {crew.map(({ person_id, name, jobs }) => (
          <li key={person_id}>
            <span>{jobs.includes('Director') ? <Link href={`/?director=${person_id}`}>{name}</Link> : name}</span>
            <span class="role">{jobs.join(', ')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function shownOf(shown: number, size: number): string {
  return shown === size ? formatCount(size) : `${formatCount(shown)} of ${formatCount(size)}`
}

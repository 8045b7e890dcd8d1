import type { LakeAnswer } from '../../api-types.ts'
import { formatCount, formatInstant } from '../state/format.ts'
import { Link } from './link.tsx'

/** Which data these are, how fresh, and TMDB's attribution. */
export function Footer({ lake }: { readonly lake: LakeAnswer | undefined }) {
  return (
    <footer class="bottom">
      {lake !== undefined && (
        <p>
          {lake.name}: {formatCount(lake.film_count)} {lake.film_count === 1 ? 'film' : 'films'}
          {lake.newest_on !== null && `, newest answer of ${lake.newest_on}`}, published{' '}
          {formatInstant(lake.published.at)} by{' '}
          <Link href={`/runs/${lake.published.run_id}`}>run {lake.published.run_id}</Link>, movielake {lake.version}
        </p>
      )}
      <p>This product uses the TMDB API but is not endorsed or certified by TMDB.</p>
    </footer>
  )
}

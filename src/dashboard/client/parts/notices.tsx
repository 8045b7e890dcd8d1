import type { LakeAnswer } from '../../api-types.ts'
import { formatInstant } from '../state/format.ts'
import { usePublication } from '../state/publication.tsx'
import { Link } from './link.tsx'

/** That the films are the sample's, and that new data were published while the page was open. */
export function Notices({ lake }: { readonly lake: LakeAnswer | undefined }) {
  const { news, putAway } = usePublication()
  return (
    <aside aria-label="Notices">
      {lake?.is_sample === true && (
        <p class="notice is-sample">
          <strong>Sample data.</strong> These answers come from the sample server, about 400 films, and not from TMDB.
        </p>
      )}
      <div role="status">
        {news !== undefined && (
          <p class="notice is-news">
            <span>
              New data: <Link href={`/runs/${news.run_id}`}>run {news.run_id}</Link> was published at{' '}
              {formatInstant(news.at)}, and is what you see now.
            </span>
            <button type="button" class="tool" onClick={putAway}>
              Dismiss
            </button>
          </p>
        )}
      </div>
    </aside>
  )
}

import { withQuery } from '../state/api.ts'
import { filterQuery } from '../state/filters.ts'
import { pageOf } from '../state/page.ts'
import { usePlace } from '../state/place.ts'
import type { Theme } from '../state/theme.ts'
import { Link } from './link.tsx'
import { Search } from './search.tsx'

interface Props {
  readonly theme: Theme
  readonly changeTheme: () => void
  readonly showHelp: () => void
}

/** The pages, the search, help and theme. */
export function Header({ theme, changeTheme, showHelp }: Props) {
  const { path, query } = usePlace()
  const { name } = pageOf(path)
  const link = (to: string, text: string, isHere: boolean) => (
    <Link href={withQuery(to, filterQuery(query))} aria-current={isHere ? 'page' : undefined}>
      {text}
    </Link>
  )
  return (
    <header class="top">
      <span class="brand">movielake</span>
      <nav aria-label="Pages">
        {link('/', 'Explore', name === 'explore' || name === 'film')}
        {link('/runs', 'Runs', name === 'runs' || name === 'run')}
        {link('/data', 'Data', name === 'data' || name === 'table')}
      </nav>
      <Search />
      <div class="top-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'}
          onClick={changeTheme}
        >
          <span aria-hidden="true">{theme === 'dark' ? '☀' : '☾'}</span>
        </button>
        <button type="button" class="icon-button" aria-label="Help" aria-haspopup="dialog" onClick={showHelp}>
          <span aria-hidden="true">?</span>
        </button>
      </div>
    </header>
  )
}

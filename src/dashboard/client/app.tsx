import { useEffect, useRef, useState } from 'preact/hooks'
import { DataPage } from './data/data-page.tsx'
import { TablePage } from './data/table-page.tsx'
import { ExplorePage } from './explore/explore-page.tsx'
import { FilmPage } from './film/film-page.tsx'
import { Footer } from './parts/footer.tsx'
import { Header } from './parts/header.tsx'
import { Help } from './parts/help.tsx'
import { useKeys } from './parts/keys.ts'
import { Notices } from './parts/notices.tsx'
import { EmptyMessage, Loaded } from './parts/states.tsx'
import { RunPage } from './runs/run-page.tsx'
import { RunsPage } from './runs/runs-page.tsx'
import { api } from './state/api.ts'
import { pageOf } from './state/page.ts'
import { usePlace } from './state/place.ts'
import { usePublication } from './state/publication.tsx'
import { type Theme, useTheme } from './state/theme.ts'
import { useTitle } from './state/title.ts'
import { type Answer, useAnswer } from './state/use-answer.ts'
import type { LakeAnswer } from '../api-types.ts'

/** The dashboard: header, the page of the address, footer. */
export function App() {
  const [theme, changeTheme] = useTheme()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const lake = useAnswer(api.lake())
  const { learn } = usePublication()
  useEffect(() => {
    if (lake.value !== undefined) learn(lake.value.published)
  }, [lake.value])
  useKeys(() => setHelpOpen(true))
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <Header theme={theme} changeTheme={changeTheme} showHelp={() => setHelpOpen(true)} />
      <Notices lake={lake.value} />
      <Main lake={lake} theme={theme} />
      <Footer lake={lake.value} />
      <Help isOpen={isHelpOpen} close={() => setHelpOpen(false)} />
    </>
  )
}

/** The page of the address. On another page the focus and the scroll begin at its top, as after a load. */
function Main({ lake, theme }: { readonly lake: Answer<LakeAnswer>; readonly theme: Theme }) {
  const { path, query } = usePlace()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [path])
  const page = pageOf(path)
  const content = () => {
    switch (page.name) {
      case 'explore':
        return <Explore lake={lake} query={query} theme={theme} />
      case 'film':
        return <FilmPage id={page.id} query={query} />
      case 'runs':
        return <RunsPage />
      case 'run':
        return <RunPage id={page.id} />
      case 'data':
        return <DataPage />
      case 'table':
        return <TablePage name={page.table} />
      case 'missing':
        return <Missing path={path} />
    }
  }
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {content()}
    </main>
  )
}

function Explore(props: { readonly lake: Answer<LakeAnswer>; readonly query: URLSearchParams; readonly theme: Theme }) {
  const { lake, query, theme } = props
  useTitle(lake.value?.name ?? 'Films')
  return <Loaded answer={lake}>{(value) => <ExplorePage lake={value} query={query} theme={theme} />}</Loaded>
}

function Missing({ path }: { readonly path: string }) {
  useTitle('Not found')
  return (
    <>
      <h1>Not found</h1>
      <EmptyMessage why={`There is nothing at ${path}`} />
    </>
  )
}

function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { PublishedAnswer } from '../../api-types.ts'
import { api } from './api.ts'
import { fetchJson } from './fetch-json.ts'

/** Which publication the page shows. */
export interface Publication {
  /** Undefined until the server has said it. */
  readonly run_id: string | undefined
  readonly at: string | undefined
  /** Whether it came while the page was open and the reader has not put the hint away. */
  readonly isNews: boolean
  readonly putAway: () => void
}

const unknown: Publication = { run_id: undefined, at: undefined, isNews: false, putAway: () => undefined }
const context = createContext(unknown)

/** The publication that the page shows; it changes when a run publishes. */
export function usePublication(): Publication {
  return useContext(context)
}

/** All that is inside is asked anew when a run publishes. Nothing inside is drawn before it is known what is published, or that this cannot be known. */
export function PublicationProvider({ children }: { readonly children: ComponentChildren }) {
  const [current, setCurrent] = useState<PublishedAnswer | undefined>()
  const [isKnown, setKnown] = useState(false)
  const [isNews, setNews] = useState(false)
  useEffect(() => {
    let shown: string | undefined
    const learn = (published: PublishedAnswer): void => {
      if (shown !== undefined && published.run_id !== shown) setNews(true)
      shown = published.run_id
      setCurrent((before) => (before?.run_id === published.run_id ? before : published))
      setKnown(true)
    }
    return listen(learn, () => setKnown(true))
  }, [])
  if (!isKnown) return null
  const value = { run_id: current?.run_id, at: current?.at, isNews, putAway: () => setNews(false) }
  return <context.Provider value={value}>{children}</context.Provider>
}

/** Listens while the page is visible, because a browser keeps only six connections to a server, for all its tabs. Answers what ends it. */
function listen(learn: (published: PublishedAnswer) => void, failed: () => void): () => void {
  let events: EventSource | undefined
  const abort = new AbortController()
  const ask = (): void => {
    fetchJson(api.published(), abort.signal).then((body) => learn(body as PublishedAnswer), failed)
  }
  const update = (): void => {
    events?.close()
    events = undefined
    if (document.hidden) return
    events = new EventSource('/api/events')
    // what was published while nobody listened
    events.addEventListener('open', ask)
    events.addEventListener('published', (event) => learn(JSON.parse(event.data) as PublishedAnswer))
  }
  ask()
  update()
  document.addEventListener('visibilitychange', update)
  return () => {
    document.removeEventListener('visibilitychange', update)
    abort.abort()
    events?.close()
  }
}

import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { PublishedAnswer } from '../../api-types.ts'

/** Which publication the page shows. */
export interface Publication {
  /** Grows by one when a run publishes: what was asked before is asked again. */
  readonly generation: number
  /** Grows by one when a run begins, ends a step or ends. */
  readonly runs: number
  /** What was published while the page was open, until the reader has put the hint away. */
  readonly news: PublishedAnswer | undefined
  readonly putAway: () => void
  /** Says which publication an answer is of. Another one than the last asks everything anew. */
  readonly learn: (published: PublishedAnswer) => void
}

const nothing: Publication = {
  generation: 0,
  runs: 0,
  news: undefined,
  putAway: () => undefined,
  learn: () => undefined,
}
const context = createContext(nothing)

/** The publication that the page shows; it changes when a run publishes. */
export function usePublication(): Publication {
  return useContext(context)
}

interface Shown {
  readonly run_id: string | undefined
  readonly generation: number
  readonly news: PublishedAnswer | undefined
}

/** All that is inside is asked anew when a run publishes. */
export function PublicationProvider({ children }: { readonly children: ComponentChildren }) {
  const [shown, setShown] = useState<Shown>({ run_id: undefined, generation: 0, news: undefined })
  const learn = (published: PublishedAnswer): void => setShown((before) => after(before, published))
  const [runs, setRuns] = useState(0)
  useEffect(() => listen(learn, () => setRuns((before) => before + 1)), [])
  const { generation, news } = shown
  const putAway = (): void => setShown((before) => ({ ...before, news: undefined }))
  return <context.Provider value={{ generation, runs, news, putAway, learn }}>{children}</context.Provider>
}

function after(before: Shown, published: PublishedAnswer): Shown {
  const { run_id } = published
  if (run_id === before.run_id) return before
  if (before.run_id === undefined) return { ...before, run_id }
  return { run_id, generation: before.generation + 1, news: published }
}

/** Listens while the page is visible, because a browser keeps only six connections to a server, for all its tabs. Answers what ends it. */
function listen(learn: (published: PublishedAnswer) => void, tellRuns: () => void): () => void {
  let events: EventSource | undefined
  const update = (): void => {
    events?.close()
    events = undefined
    if (document.hidden) return
    events = new EventSource('/api/events')
    // the first event tells what was published while nobody listened
    events.addEventListener('published', (event) => learn(JSON.parse(event.data) as PublishedAnswer))
    events.addEventListener('runs', tellRuns)
  }
  update()
  document.addEventListener('visibilitychange', update)
  return () => {
    document.removeEventListener('visibilitychange', update)
    events?.close()
  }
}

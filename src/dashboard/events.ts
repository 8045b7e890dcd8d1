import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { BusyError } from './answer-error.ts'
import type { PublishedAnswer } from './api-types.ts'
import type { RunWatch } from './run-watch.ts'
import type { Serving } from './serving.ts'

const mostListeners = 64
const heartbeatMs = 15_000
const listening = new WeakMap<Serving, number>()

/**
 * Tells each publication as it comes, and first the one there is, and when runs go on, until the browser leaves. HEAD is told nothing and does
 * not listen. Throws BusyError when too many listen.
 */
export function answerEvents(c: Context, serving: Serving, runs: RunWatch): Response {
  // nobody would read the stream, nor end it
  if (c.req.method === 'HEAD') return c.body(null, { headers: { 'Content-Type': 'text/event-stream' } })
  const before = listening.get(serving) ?? 0
  if (before >= mostListeners) throw new BusyError()
  listening.set(serving, before + 1)
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, async (stream) => {
    const tell = ({ run_id, at }: PublishedAnswer): Promise<void> =>
      stream.writeSSE({ event: 'published', data: JSON.stringify({ run_id, at }), id: run_id })
    const stops = [
      serving.on((published) => void tell(published)),
      runs.on(() => void stream.writeSSE({ event: 'runs', data: '' })),
    ]
    const gone = new Promise<void>((resolve) => {
      stream.onAbort(resolve)
      c.req.raw.signal.addEventListener('abort', () => resolve(), { once: true })
      if (c.req.raw.signal.aborted) resolve()
    })
    const heart = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs).unref()
    try {
      await tell(serving.current.published)
      await Promise.race([gone, serving.closed])
    } finally {
      clearInterval(heart)
      for (const stop of stops) stop()
      listening.set(serving, (listening.get(serving) ?? 1) - 1)
    }
  })
}

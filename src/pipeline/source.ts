import { defaultConfig, type Config, type Secrets } from '../config/config.ts'
import { credentialOf, openTmdb, startSampleServer, type MovieIdSource, type Tmdb } from '../sources/tmdb/index.ts'
import type { Session } from './session.ts'

/** Where answers come from: TMDB, or the sample server when nobody has set a key. */
export interface Source {
  /** Set when it is a sample server. */
  readonly sampleUrl: string | undefined
  /** A client for one run: it ends with the run's signal, and warns when TMDB asks to slow down. */
  open(session: Session): Tmdb
  close(): Promise<void>
}

/** TMDB with the key that is set, or a sample server, which is started unless one is named, when there is no key and nobody has named another address. Throws ConfigError for what is no key. */
export async function openSource(config: Config, secrets: Secrets): Promise<Source> {
  const key = secrets.token ?? secrets.apiKey
  const { base_url: baseUrl } = config.tmdb
  if (key !== undefined || baseUrl !== defaultConfig.tmdb.base_url) {
    const credential = key === undefined ? undefined : credentialOf(key.reveal())
    return {
      sampleUrl: undefined,
      open: (session) => openTmdb({ ...optionsOf(session), baseUrl, credential }),
      close: async () => undefined,
    }
  }
  const { base_url: elsewhere, date } = config.sample
  if (elsewhere !== null) return sampleAt(elsewhere, async () => undefined)
  const server = await startSampleServer({ date: date ?? undefined })
  return sampleAt(server.url, () => server.close())
}

/** A sample server takes any key, but wants one. */
const sampleAt = (url: string, close: () => Promise<void>): Source => ({
  sampleUrl: url,
  open: (session) => openTmdb({ ...optionsOf(session), baseUrl: url, credential: { bearer: 'sample' } }),
  close,
})

/** Which movies the config asks for. */
export function movieSources({ ingest: { sources, movie_ids, pages } }: Config): readonly MovieIdSource[] {
  return sources.map((source) => (source === 'list' ? { source, ids: movie_ids } : { source, pages }))
}

/** What makes the answers of two runs interchangeable: who is asked, for which movies and what of them. */
export function askedFor(config: Config, { sampleUrl }: Source): Readonly<Record<string, unknown>> {
  const { base_url, language, append_to_response } = config.tmdb
  const of = sampleUrl === undefined ? base_url : 'sample server'
  return { of, movies: movieSources(config), language, append_to_response }
}

/** How many movies these are at most: a movie of several sources is asked for once. */
export function movieCount(sources: readonly MovieIdSource[]): number {
  const counts = sources.map((from) => (from.source === 'list' ? new Set(from.ids).size : from.pages * 20))
  return counts.reduce((total, count) => total + count, 0)
}

function optionsOf({ config: { tmdb }, run, signal, clock }: Session) {
  let untilMs = 0
  return {
    ratePerSecond: tmdb.rate_per_second,
    timeoutMs: tmdb.timeout_ms,
    maxAttempts: tmdb.max_attempts,
    retryBudget: tmdb.retry_budget,
    maxBodyBytes: tmdb.max_body_bytes,
    language: tmdb.language ?? undefined,
    appendToResponse: tmdb.append_to_response,
    signal,
    onRetry: ({ waitMs, isForAll }: { readonly waitMs: number; readonly isForAll: boolean }) => {
      const nowMs = clock().getTime()
      // a burst of answers 429 is one pause
      if (!isForAll || nowMs < untilMs) return
      untilMs = nowMs + waitMs
      run.warn(`TMDB asks to slow down: waiting ${Math.ceil(waitMs / 1000)} s`)
    },
  }
}

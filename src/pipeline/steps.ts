import type { Config, Secrets } from '../config/config.ts'
import { credentialOf, openTmdb, startSampleServer, type MovieIdSource, type Tmdb } from '../sources/tmdb/index.ts'
import { buildGold, planGold } from './build-gold.ts'
import { buildSilver, planSilver } from './build-silver.ts'
import { lakeTables } from './catalogue.ts'
import { importFiles } from './import-files.ts'
import { ingest } from './ingest.ts'
import { readPublished, writePublished } from './publish.ts'
import type { Session } from './session.ts'

/** Where answers come from: TMDB, or the sample server when nobody has set a key. */
export interface Source {
  readonly tmdb: Tmdb
  /** Set when it is the sample server. */
  readonly sampleUrl: string | undefined
  close(): Promise<void>
}

/** Asks for movies: answers go to bronze. */
export async function ingestStep(session: Session, tmdb: Tmdb, isResumed: boolean): Promise<void> {
  const source = movieSource(session.config)
  const total = source.source === 'list' ? new Set(source.ids).size : source.pages * 20
  await session.run.step('ingest', (progress) => ingest(session, tmdb, source, isResumed, progress), {
    total,
    unit: 'movies',
  })
}

/** Takes payload files into bronze. */
export async function importStep(
  session: Session,
  files: readonly string[],
  fetchedAt: string,
  isResumed: boolean,
): Promise<void> {
  await session.run.step('import', (progress) => importFiles(session, files, fetchedAt, isResumed, progress), {
    unit: 'payloads',
  })
}

/** Brings silver up to bronze. */
export async function silverStep(session: Session, isForced = false): Promise<void> {
  const plan = await planSilver(session, isForced)
  await session.run.step('silver', (progress) => buildSilver(session, plan, progress), { total: 11, unit: 'tables' })
}

/** Brings gold up to silver. */
export async function goldStep(session: Session, isForced = false): Promise<void> {
  const plan = await planGold(session, isForced)
  await session.run.step('gold', (progress) => buildGold(session, plan, progress), { total: 15, unit: 'tables' })
}

/** Shows readers what the run has made: the newest versions of all tables, all at once. */
export async function publishStep(session: Session): Promise<void> {
  const { engine, paths, rules, run, clock } = session
  await run.step('publish', async () => {
    const states = await Promise.all(lakeTables(rules).map(({ name }) => engine.state(name)))
    const versions = Object.fromEntries(
      states.flatMap((state) => (state === undefined ? [] : [[state.table, state.version]])),
    )
    const before = await readPublished(paths.published)
    run.publish(versions)
    if (isSame(before?.versions, versions))
      return { status: 'unchanged', rows: 0, note: 'readers see the newest versions already' }
    await writePublished(paths.published, { run_id: run.id, at: clock().toISOString(), versions })
    return { status: before !== undefined && !run.hasChangedTables ? 'unchanged' : 'ok', rows: 0, read: versions }
  })
}

/** Opens TMDB with the key that is set, or the sample server when none is and nobody has named another address. */
export async function openSource(
  config: Config,
  secrets: Secrets,
  signal: AbortSignal,
  onWait?: (message: string) => void,
): Promise<Source> {
  const key = secrets.token ?? secrets.apiKey
  const { tmdb } = config
  const options = {
    ratePerSecond: tmdb.rate_per_second,
    timeoutMs: tmdb.timeout_ms,
    maxAttempts: tmdb.max_attempts,
    retryBudget: tmdb.retry_budget,
    maxBodyBytes: tmdb.max_body_bytes,
    language: tmdb.language ?? undefined,
    appendToResponse: tmdb.append_to_response,
    signal,
    onRetry: (retry: {
      readonly request: string
      readonly reason: string
      readonly waitMs: number
      readonly isForAll: boolean
    }) => {
      if (retry.isForAll) onWait?.(`TMDB asks to slow down: waiting ${Math.ceil(retry.waitMs / 1000)} s`)
    },
  }
  const isElsewhere = tmdb.base_url !== 'https://api.themoviedb.org/3'
  if (key !== undefined || isElsewhere) {
    const credential = key === undefined ? undefined : credentialOf(key.reveal())
    return {
      tmdb: openTmdb({ ...options, baseUrl: tmdb.base_url, credential }),
      sampleUrl: undefined,
      close: async () => undefined,
    }
  }
  const server = await startSampleServer({ date: config.sample.date ?? undefined })
  const credential = { bearer: 'sample' }
  return {
    tmdb: openTmdb({ ...options, baseUrl: server.url, credential }),
    sampleUrl: server.url,
    close: () => server.close(),
  }
}

/** Which movies the config asks for. */
export function movieSource({ ingest: { source, movie_ids, pages } }: Config): MovieIdSource {
  return source === 'list' ? { source, ids: movie_ids } : { source, pages }
}

function isSame(a: Readonly<Record<string, number>> | undefined, b: Readonly<Record<string, number>>): boolean {
  return (
    a !== undefined &&
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(b).every(([name, version]) => a[name] === version)
  )
}

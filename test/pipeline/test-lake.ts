import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { openLake, type Lake, type LakeEvent, type LakeOptions, type TableName } from '../../src/index.ts'
import { startSampleServer, type SampleServer, type SampleServerOptions } from '../../src/sources/tmdb/index.ts'
import { tempFolder, type OnEnd } from '../engines/temp-folder.ts'

/** A few movies of the sample catalogue that every layer has something to say about. */
export const fewIds = [597, 299534, 19995, 12445]

/** A v3 key, for servers that do not look at it. */
export const testKey = '0123456789abcdef0123456789abcdef'

/**
 * A lake in a new folder that asks `server` for a few movies, and draws no report; the folder is gone when the test ends. A test that runs
 * beside others brings its own `onEnd`.
 */
export async function testLake(
  server?: SampleServer,
  { set, env, ...options }: Omit<LakeOptions, 'set'> & { readonly set?: Readonly<Record<string, unknown>> } = {},
  onEnd: OnEnd = onTestFinished,
): Promise<Lake> {
  const lake = await openLake({
    lake: options.lake ?? (await tempFolder(onEnd)),
    cwd: '/',
    env: { TMDB_API_KEY: testKey, ...env },
    set: {
      'report.enabled': false,
      'ingest.movie_ids': fewIds,
      'duckdb.threads': 1,
      ...(server && { 'tmdb.base_url': server.url }),
      ...set,
    },
    ...options,
  })
  onEnd(() => lake.close())
  return lake
}

/** A sample server that ends with the test. */
export async function sampleServer(
  options: SampleServerOptions = {},
  onEnd: OnEnd = onTestFinished,
): Promise<SampleServer> {
  const server = await startSampleServer({ date: '2026-02-27', ...options })
  onEnd(() => server.close())
  return server
}

/** What the lake says from now on. */
export function eventsOf(lake: Lake): LakeEvent[] {
  const events: LakeEvent[] = []
  lake.on((event) => void events.push(event))
  return events
}

/** The rows of a query over the newest versions, whether published or not. */
export async function newest(lake: Lake, name: TableName): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await lake.table(name, { version: (await lake.history(name))[0]?.version ?? 0 }).collect()
  return rows
}

/** The newest version of each table. */
export async function versionsOf(lake: Lake): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await lake.tables()).map(({ table, version }) => [table, version]))
}

/** Every file below a folder, by its path in it. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

/** Data files in the folders of silver and gold that no commit knows. */
export async function orphansIn(root: string): Promise<readonly string[]> {
  const files = await filesIn(root)
  const logs = files.filter((file) => /_delta_log\/\d+\.json$/.test(file))
  const known = new Set<string>()
  for (const log of logs) {
    const table = path.dirname(path.dirname(log))
    for (const line of (await readFile(path.join(root, log), 'utf8')).trim().split('\n')) {
      const { add } = JSON.parse(line)
      if (add) known.add(path.join(table, decodeURIComponent(add.path)))
    }
  }
  return files.filter((file) => file.endsWith('.parquet') && !file.includes('_delta_log') && !known.has(file))
}

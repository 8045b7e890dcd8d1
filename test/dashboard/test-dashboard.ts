import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openLake, type Dashboard, type Lake, type ServeOptions } from '../../src/index.ts'
import { startSampleServer } from '../../src/sources/tmdb/index.ts'

/** A dashboard over a lake, and what it answers. Close it. */
export async function testDashboard(lake: Lake, options: ServeOptions = {}): Promise<TestDashboard> {
  const errors: unknown[] = []
  const pages = await testPages()
  const removePages = () => rm(path.dirname(pages), { recursive: true })
  const serve = { port: 0, pages, onError: (error: unknown) => errors.push(error), ...options }
  const dashboard = await lake.serve(serve).catch(async (error: unknown) => {
    await removePages()
    throw error
  })
  const origin = `http://127.0.0.1:${dashboard.port}`
  return {
    ...dashboard,
    close: async () => {
      await dashboard.close()
      await removePages()
    },
    origin,
    errors,
    ask: (address, init) => fetch(`${origin}${address}`, init),
    read: async <T>(address: string) => {
      const answer = await fetch(`${origin}${address}`)
      if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`, { cause: errors.at(-1) })
      return (await answer.json()) as T
    },
  }
}

/** A dashboard, and ways to ask it. */
export interface TestDashboard extends Dashboard {
  readonly origin: string
  /** What the server was told of that no client was. */
  readonly errors: readonly unknown[]
  ask(address: string, init?: RequestInit): Promise<Response>
  /** The JSON at an address that answers 200. */
  read<T>(address: string): Promise<T>
}

/** A folder with a page and a script, and a file beside it that is not to be had. */
async function testPages(): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'movielake-pages-')), 'pages')
  await mkdir(path.join(folder, 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>films</title>')
  await writeFile(path.join(folder, 'assets', 'main.js'), 'export {}')
  await writeFile(path.join(folder, '..', 'secret.txt'), 'not for anybody')
  return folder
}

/** A lake of a dozen sample films that have been published. Close it. */
export async function publishedLake(): Promise<Lake> {
  const server = await startSampleServer({ date: '2026-02-27' })
  try {
    const lake = await openLake({
      lake: await mkdtemp(path.join(tmpdir(), 'movielake-served-')),
      cwd: '/',
      env: { TMDB_API_KEY: '0'.repeat(32) },
      set: {
        'ingest.movie_ids': [299534, 19995, 140607, 299536, 597, 135397, 420818, 24428, 168259, 99861, 284054, 12445],
        'tmdb.base_url': server.url,
        'report.enabled': false,
        'duckdb.threads': 1,
      },
    })
    await lake.run()
    return lake
  } finally {
    await server.close()
  }
}

import { openConfig, type Flag } from './config/config.ts'
import { lakePaths } from './config/paths.ts'
import { openDuckdb } from './engines/duckdb/duckdb-engine.ts'
import { ConfigError } from './errors.ts'
import { Lake } from './lake.ts'
import type { Clock } from './pipeline/clock.ts'
import type { Listener } from './pipeline/events.ts'

/** Where a lake is and how it is set; all of it may be left out. */
export interface LakeOptions {
  /** The lake's folder, over `lake.path` of the config. */
  readonly lake?: string | undefined
  /** A config file that must exist; without it MOVIELAKE_CONFIG, then movielake.yaml in `cwd` if there is one. */
  readonly config?: string | undefined
  /** Settings over all others: `{ 'tmdb.rate_per_second': 20 }`. */
  readonly set?: Readonly<Record<string, unknown>> | readonly Flag[] | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly cwd?: string | undefined
  /** Told what runs say while they work. */
  readonly on?: Listener | undefined
  readonly clock?: Clock | undefined
}

interface OpenLake {
  readonly settings: string
  readonly lake: Promise<Lake>
  users: number
}

const open = new Map<string, OpenLake>()

/**
 * Opens a lake; its folder need not be there yet. Opened twice in one process, it is the same lake, which ends with its last `close`.
 * Throws ConfigError for settings that are wrong, or other ones than it is open with already.
 */
export async function openLake(options: LakeOptions = {}): Promise<Lake> {
  const { config, secrets } = openConfig({
    file: options.config,
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    flags: [
      ...flagsOf(options.set),
      ...(options.lake === undefined ? [] : [{ key: 'lake.path', value: options.lake, origin: 'lake' }]),
    ],
  })
  const root = config.lake.path
  const settings = JSON.stringify(config)
  const present = open.get(root)
  if (present !== undefined && present.settings !== settings)
    throw new ConfigError(`${root}: the lake is open in this process with other settings`, { hint: 'close it first' })
  const entry = present ?? { settings, users: 0, lake: make() }
  open.set(root, entry)
  entry.users += 1
  try {
    const lake = await entry.lake
    if (options.on !== undefined) lake.on(options.on)
    return lake
  } catch (error) {
    open.delete(root)
    throw error
  }

  async function make(): Promise<Lake> {
    const paths = lakePaths(root)
    const { memory_limit: memoryLimit, threads, temp_directory } = config.duckdb
    const engine = await openDuckdb({
      root,
      memoryLimit,
      ...(threads !== null && { threads }),
      tempDirectory: temp_directory ?? paths.temporary,
    })
    return new Lake({
      engine,
      config,
      secrets,
      paths,
      clock: options.clock ?? (() => new Date()),
      release: () => release(root),
    })
  }
}

/** True when nobody uses the lake any more: it is forgotten then. */
function release(root: string): boolean {
  const entry = open.get(root)
  if (entry === undefined) return false
  entry.users -= 1
  if (entry.users > 0) return false
  open.delete(root)
  return true
}

function flagsOf(set: LakeOptions['set']): readonly Flag[] {
  if (set === undefined) return []
  if (Array.isArray(set)) return set as readonly Flag[]
  return Object.entries(set).map(([key, value]) => ({ key, value, origin: 'set' }))
}

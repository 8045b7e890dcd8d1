import { openConfig, type Config, type Flag, type Secret, type Secrets } from './config/config.ts'
import { lakePaths, type LakePaths } from './config/paths.ts'
import { sparkServer } from './config/spark-server.ts'
import { duckdbDialect } from './engines/duckdb/duckdb-dialect.ts'
import { sparkDialect } from './engines/spark/spark-dialect.ts'
import type { Engine } from './engines/engine.ts'
import { ConfigError } from './errors.ts'
import { Lake } from './lake.ts'
import type { Clock } from './pipeline/clock.ts'
import type { Listener } from './pipeline/events.ts'
import { LazyEngine } from './pipeline/lazy-engine.ts'
import { nameTemporaryFolder, removeTemporaryFolder, touchHourly } from './pipeline/temporary-folder.ts'

/** Where a lake is and how it is set; all of it may be left out. */
export interface LakeOptions {
  /** The lake's folder, over `lake.path` of the config. */
  readonly lake?: string | undefined
  /** A config file that must exist; without it MOVIELAKE_CONFIG, then movielake.yaml in `cwd` if there is one. */
  readonly config?: string | undefined
  /** Settings over all others: `{ 'tmdb.rate_per_second': 20 }`. */
  readonly set?: Readonly<Record<string, unknown>> | readonly Flag[] | undefined
  /** Where settings and keys are looked for, `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What relative paths start from, the working folder by default. */
  readonly cwd?: string | undefined
  /** Told what runs say while they work, until the lake is closed for good. */
  readonly on?: Listener | undefined
  /** Tells the time, for tests. */
  readonly clock?: Clock | undefined
}

interface OpenLake {
  readonly settings: string
  readonly lake: Lake
  users: number
}

const open = new Map<string, OpenLake>()

/**
 * Opens a lake; its folder need not be there yet, and nothing is made or read before the lake is asked for something. Opened twice in one
 * process, it is the same lake, which ends with its last `close`. Throws ConfigError for settings that are wrong, or other ones than it
 * is open with already.
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
  const settings = JSON.stringify([config, ...Object.values(secrets).map((secret?: Secret) => secret?.reveal())])
  const entry = open.get(root) ?? { settings, users: 0, lake: makeLake(config, secrets, options.clock) }
  if (entry.settings !== settings)
    throw new ConfigError(`${root}: the lake is open in this process with other settings`, { hint: 'close it first' })
  open.set(root, entry)
  entry.users += 1
  if (options.on !== undefined) entry.lake.on(options.on)
  return entry.lake
}

function makeLake(config: Config, secrets: Secrets, clock: Clock = () => new Date()): Lake {
  const paths = lakePaths(config.lake.path)
  const dialect = config.engine === 'spark' ? sparkDialect : duckdbDialect
  const start = (): Promise<Engine> =>
    config.engine === 'spark' ? startSpark(config, secrets) : startDuckdb(config, paths)
  const engine = new LazyEngine({ name: config.engine, dialect }, start)
  const lake: Lake = new Lake({ engine, config, secrets, paths, clock, release: () => release(lake) })
  return lake
}

async function startSpark(config: Config, secrets: Secrets): Promise<Engine> {
  const { openSparkEngine } = await import('./engines/spark/spark-engine.ts')
  return openSparkEngine(sparkServer(config, secrets))
}

async function startDuckdb({ duckdb }: Config, paths: LakePaths): Promise<Engine> {
  const { openDuckdb } = await import('./engines/duckdb/duckdb-engine.ts')
  const tempDirectory = await nameTemporaryFolder(paths, duckdb.temp_directory)
  const engine = await openDuckdb({
    root: paths.root,
    memoryLimit: duckdb.memory_limit,
    ...(duckdb.threads !== null && { threads: duckdb.threads }),
    tempDirectory,
  })
  const stopTouching = touchHourly(tempDirectory)
  const close = engine.close.bind(engine)
  engine.close = async () => {
    stopTouching()
    await close()
    await removeTemporaryFolder(paths, tempDirectory)
  }
  return engine
}

/** True when nobody uses the lake any more: it is forgotten then. */
function release(lake: Lake): boolean {
  const entry = open.get(lake.root)
  if (entry?.lake !== lake) return false
  entry.users -= 1
  if (entry.users > 0) return false
  open.delete(lake.root)
  return true
}

function flagsOf(set: LakeOptions['set']): readonly Flag[] {
  if (set === undefined) return []
  if (Array.isArray(set)) return set as readonly Flag[]
  return Object.entries(set).map(([key, value]) => ({ key, value, origin: 'set' }))
}

import { resolve } from 'node:path'
import { ConfigError } from '../errors.ts'
import type { Rules } from '../rules.ts'
import {
  assignmentsOfEnvironment,
  assignmentsOfFile,
  assignmentsOfFlags,
  findConfigFile,
  type Assignment,
  type Flag,
} from './assignments.ts'
import { openEnvironment, type Variables } from './environment.ts'
import { checkAssignment } from './faults.ts'
import { settings } from './keys.ts'
import { configSchema, type Config } from './schema.ts'
import { readSecret, secretNames, type Secrets } from './secret.ts'

export type { Flag } from './assignments.ts'
export type { Config } from './schema.ts'
export { Secret, secretNames, type Secrets } from './secret.ts'

/** What settings are looked for in. */
export interface ConfigOptions {
  /** Config file that must exist; without it MOVIELAKE_CONFIG, then movielake.yaml in `cwd` if there is one. */
  readonly file?: string | undefined
  readonly cwd: string
  readonly env: Variables
  readonly flags?: readonly Flag[]
}

/** The settings, the secrets apart, and who set what. */
export interface OpenedConfig {
  /** Folders in it are absolute. */
  readonly config: Config
  readonly secrets: Secrets
  /** By key, secrets included: `default`, `file /etc/movielake.yaml`, `environment MOVIELAKE__…`, `.env …`, `flag --x`; `not set` for a secret nobody set. */
  readonly origins: Readonly<Record<string, string>>
  /** The config file that was read. */
  readonly file: string | undefined
}

/**
 * The settings: defaults, over them the file, then the environment, then flags; secrets from the environment alone.
 * Throws ConfigError that names every setting nobody knows, every value that is not allowed and where each came from.
 */
export function openConfig(options: ConfigOptions): OpenedConfig {
  const environment = openEnvironment(options.cwd, options.env)
  const file = findConfigFile(options.file, environment)
  const assignments = [
    ...(file === undefined ? [] : assignmentsOfFile(file)),
    ...assignmentsOfEnvironment(environment),
    ...assignmentsOfFlags(options.flags ?? [], options.cwd),
  ]
  throwFaults(assignments.flatMap(checkAssignment))
  const last = new Map(assignments.map((assignment) => [assignment.key, assignment]))
  const written = configSchema.parse(nested(last.values()))
  checkTogether(written)
  const config = withFolders(written, last, options.cwd)
  const token = readSecret(secretNames.token, environment)
  const apiKey = readSecret(secretNames.apiKey, environment)
  // its file may be there only where Spark is
  const isSpark = config.engine === 'spark'
  const sparkToken = isSpark ? readSecret(secretNames.sparkToken, environment) : undefined
  const origins = new Map([...settings.keys()].map((key) => [key, last.get(key)?.origin ?? 'default']))
  origins.set(secretNames.token, token?.origin ?? 'not set')
  origins.set(secretNames.apiKey, apiKey?.origin ?? 'not set')
  origins.set(
    secretNames.sparkToken,
    sparkToken?.origin ?? (isSpark ? 'not set' : `not read: engine is ${config.engine}`),
  )
  return {
    config,
    secrets: { token: token?.secret, apiKey: apiKey?.secret, sparkToken: sparkToken?.secret },
    origins: Object.fromEntries(origins),
    file,
  }
}

/** The settings as the layers know them. */
export function rulesOf({ silver, gold, quality }: Config): Rules {
  return { ...silver, ...gold, suspicious_budget_usd: quality.min_budget_usd }
}

/** The settings nobody has changed, folders as they stand in the schema. */
export const defaultConfig: Config = configSchema.parse({})

function nested(assignments: Iterable<Assignment>): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  for (const { key, value } of assignments) {
    const [group = '', name] = key.split('.')
    all[group] = name === undefined ? value : { ...asRecord(all[group]), [name]: value }
  }
  return all
}

const asRecord = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

function withFolders(config: Config, made: ReadonlyMap<string, Assignment>, cwd: string): Config {
  const folder = (key: string, path: string): string => resolve(made.get(key)?.base ?? cwd, path)
  const temp = config.duckdb.temp_directory
  return {
    ...config,
    lake: { ...config.lake, path: folder('lake.path', config.lake.path) },
    duckdb: { ...config.duckdb, temp_directory: temp === null ? null : folder('duckdb.temp_directory', temp) },
  }
}

function checkTogether({ engine, lake, quality, spark, tmdb }: Config): void {
  if (engine === 'spark' && spark.url === null)
    throw new ConfigError('spark.url: not set, but the engine is spark', {
      hint: 'name the server: --spark sc://localhost:15002',
    })
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(lake.path))
    throw new ConfigError('lake.path: an address, but runs and the lock are kept on a local disk', {
      hint: 'name a folder; with the engine spark the tables may lie at an address, spark.root',
    })
  if (quality.require_credits && !tmdb.append_to_response.includes('credits'))
    throw new ConfigError('tmdb.append_to_response: lacks credits, so every movie would be rejected', {
      hint: 'add credits to it, or set quality.require_credits to false',
    })
}

function throwFaults(faults: readonly { readonly message: string; readonly hint: string | undefined }[]): void {
  const [first, ...others] = faults
  if (first === undefined) return
  if (others.length === 0) throw new ConfigError(first.message, first.hint === undefined ? {} : { hint: first.hint })
  const lines = faults.map(({ message, hint }) => `  ${message}${hint === undefined ? '' : ` (${hint})`}`)
  throw new ConfigError(`${faults.length} settings are wrong:\n${lines.join('\n')}`, { hint: 'see docs/config.md' })
}

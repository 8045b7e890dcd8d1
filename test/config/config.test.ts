import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { defaultConfig, openConfig, rulesOf, type ConfigOptions, type OpenedConfig } from '../../src/config/config.ts'
import { ConfigError } from '../../src/errors.ts'
import { defaultRules } from '../../src/rules.ts'

/** A working folder with these files. */
function folder(files: Readonly<Record<string, string>> = {}): string {
  const cwd = mkdtempSync(join(tmpdir(), 'movielake-config-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  return cwd
}

const open = (options: Partial<ConfigOptions> & { readonly cwd: string }): OpenedConfig =>
  openConfig({ env: {}, ...options })
const set = (key: string, value: unknown) => ({ flags: [{ key, value, origin: 'flag --set' }] })

/** The error `openConfig` ends with, message and hint in one text. */
function refusal(options: Partial<ConfigOptions> & { readonly cwd: string }): string {
  try {
    open(options)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return error instanceof ConfigError ? `${error.message} | ${error.hint ?? ''}` : ''
  }
  throw new Error('opened')
}

it('is the defaults when nobody has set anything', () => {
  const cwd = folder()
  const { config, origins, file } = open({ cwd })
  expect(config).toEqual({ ...defaultConfig, lake: { ...defaultConfig.lake, path: join(cwd, 'lake') } })
  expect(new Set(Object.values(origins))).toEqual(new Set(['default', 'not set', 'not read: engine is duckdb']))
  expect(file).toBeUndefined()
})

it('gives the layers the rules of the assignment by default', () => {
  expect(rulesOf(open({ cwd: folder() }).config)).toMatchObject({ ...defaultRules })
})

it('takes flags over environment over file over default, and says so', () => {
  const cwd = folder({ 'movielake.yaml': 'tmdb: { rate_per_second: 10, concurrency: 2, timeout_ms: 500 }\n' })
  const env = { MOVIELAKE__TMDB__RATE_PER_SECOND: '20', MOVIELAKE__TMDB__CONCURRENCY: '3' }
  const { config, origins } = open({ cwd, env, ...set('tmdb.rate_per_second', '30') })
  expect(config.tmdb).toMatchObject({ rate_per_second: 30, concurrency: 3, timeout_ms: 500, max_attempts: 6 })
  expect(origins).toMatchObject({
    'tmdb.rate_per_second': 'flag --set',
    'tmdb.concurrency': 'environment MOVIELAKE__TMDB__CONCURRENCY',
    'tmdb.timeout_ms': `file ${join(cwd, 'movielake.yaml')}`,
    'tmdb.max_attempts': 'default',
  })
})

it('reads .env behind the environment', () => {
  const cwd = folder({ '.env': 'MOVIELAKE__TMDB__LANGUAGE=de\nMOVIELAKE__TMDB__CONCURRENCY=4\n' })
  const { config, origins } = open({ cwd, env: { MOVIELAKE__TMDB__LANGUAGE: 'fr' } })
  expect(config.tmdb).toMatchObject({ language: 'fr', concurrency: 4 })
  expect(origins['tmdb.concurrency']).toBe('.env MOVIELAKE__TMDB__CONCURRENCY')
})

it('reads lists, nulls and texts that look like something else from the environment', () => {
  const env = {
    MOVIELAKE__INGEST__MOVIE_IDS: '603,604',
    MOVIELAKE__TMDB__APPEND_TO_RESPONSE: '[credits, release_dates]',
    MOVIELAKE__TMDB__LANGUAGE: 'null',
    MOVIELAKE__LAKE__PATH: '/2024',
    MOVIELAKE__SILVER__MIN_FILLED_COLUMNS: '',
  }
  const { config } = open({ cwd: folder(), env })
  expect(config.ingest.movie_ids).toEqual([603, 604])
  expect(config.tmdb).toMatchObject({ append_to_response: ['credits', 'release_dates'], language: null })
  expect(config.lake.path).toBe('/2024')
  expect(config.silver.min_filled_columns).toBe(10)
})

it('takes one value where a list is asked for', () => {
  expect(open({ cwd: folder(), ...set('ingest.movie_ids', '603') }).config.ingest.movie_ids).toEqual([603])
})

it('replaces the searches as a whole', () => {
  const cwd = folder({ 'movielake.yaml': 'gold:\n  searches:\n    heat: { cast: [Al Pacino, Robert De Niro] }\n' })
  const heat = {
    genres: [],
    cast: ['Al Pacino', 'Robert De Niro'],
    directors: [],
    order_by: 'vote_average',
    direction: 'desc',
  }
  expect(open({ cwd }).config.gold.searches).toEqual({ heat })
})

it('takes folders of a file from the folder of the file', () => {
  const cwd = folder({ 'etc/lake.yaml': 'lake: { path: ./films }\nduckdb: { temp_directory: tmp }\n' })
  const { config, file } = open({ cwd, file: 'etc/lake.yaml' })
  expect(config.lake.path).toBe(join(cwd, 'etc/films'))
  expect(config.duckdb.temp_directory).toBe(join(cwd, 'etc/tmp'))
  expect(file).toBe(join(cwd, 'etc/lake.yaml'))
})

it('refuses addresses of lakes rather than making folders of that name', () => {
  expect(refusal({ cwd: folder(), ...set('lake.path', 's3://films/lake') })).toContain('lake.path: an address')
})

it('is the defaults when the file is empty or holds empty groups', () => {
  expect(open({ cwd: folder({ 'movielake.yaml': '' }) }).config.tmdb).toEqual(defaultConfig.tmdb)
  expect(open({ cwd: folder({ 'movielake.yaml': 'tmdb:\n' }) }).config.tmdb).toEqual(defaultConfig.tmdb)
})

it('finds the file MOVIELAKE_CONFIG names', () => {
  const cwd = folder({ 'other.yaml': 'engine: duckdb\n' })
  expect(open({ cwd, env: { MOVIELAKE_CONFIG: 'other.yaml' } }).origins['engine']).toBe(
    `file ${join(cwd, 'other.yaml')}`,
  )
})

it('refuses a named file that is missing', () => {
  const cwd = folder({ 'movielake.yaml': '' })
  expect(refusal({ cwd, file: 'no.yaml' })).toContain(`config file ${join(cwd, 'no.yaml')} does not exist`)
  expect(refusal({ cwd, env: { MOVIELAKE_CONFIG: 'no.yaml' } })).toContain('named by MOVIELAKE_CONFIG')
})

it('names file, line and the nearest key for a key nobody knows', () => {
  const cwd = folder({ 'movielake.yaml': 'engine: duckdb\ntmdb:\n  # slower\n  rate_per_secnd: 5\n' })
  const file = join(cwd, 'movielake.yaml')
  expect(refusal({ cwd })).toBe(
    `unknown setting tmdb.rate_per_secnd (file ${file}, line 4) | did you mean tmdb.rate_per_second?`,
  )
})

it('refuses variables and flags nobody knows', () => {
  expect(refusal({ cwd: folder(), env: { MOVIELAKE__TMBD__LANGUAGE: 'de' } })).toBe(
    'unknown setting tmbd.language (environment MOVIELAKE__TMBD__LANGUAGE) | did you mean tmdb.language?',
  )
  expect(refusal({ cwd: folder(), ...set('rate_per_second', '2') })).toContain('did you mean tmdb.rate_per_second?')
  expect(refusal({ cwd: folder(), ...set('lake', './x') })).toContain('its keys: lake.path')
})

it('leaves variables of others alone', () => {
  expect(() => open({ cwd: folder(), env: { MOVIELAKE_PORT: 'tcp://10.0.0.1:80' } })).not.toThrow()
})

it.each([
  ['tmdb.rate_per_second', 90, 'tmdb.rate_per_second: 90 is not allowed (flag --set) | allowed: a number from 1 to 40'],
  [
    'tmdb.rate_per_second',
    'fast',
    'tmdb.rate_per_second: "fast" is not allowed (flag --set) | allowed: a number from 1 to 40',
  ],
  [
    'duckdb.memory_limit',
    'lots',
    'duckdb.memory_limit: "lots" is not allowed (flag --set) | allowed: text such as 500MB or 2GB',
  ],
  [
    'duckdb.threads',
    '0',
    'duckdb.threads: 0 is not allowed (flag --set) | allowed: a whole number from 1 to 1024, or null',
  ],
  [
    'ingest.sources',
    'list,all',
    'ingest.sources.1: "all" is not allowed (flag --set) | allowed: one of list, popular, top_rated',
  ],
  [
    'ingest.movie_ids',
    '603,x',
    'ingest.movie_ids.1: "x" is not allowed (flag --set) | allowed: a whole number of at least 0',
  ],
  [
    'sample.date',
    '2025-02-30',
    'sample.date: "2025-02-30" is not allowed (flag --set) | allowed: text such as 1999-03-31, or null',
  ],
  ['engine', 'trino', 'engine: "trino" is not allowed (flag --set) | allowed: one of duckdb, spark'],
  ['engine', 'spark', 'spark.url: not set, but the engine is spark | name the server: --spark sc://localhost:15002'],
  [
    'spark.url',
    'localhost:15002',
    'spark.url: "localhost:15002" is not allowed (flag --set) | allowed: text such as sc://localhost:15002 or sc://spark.example.com:443/;use_ssl=true, or null',
  ],
  [
    'spark.url',
    'sc://h/;token=hunter2',
    'spark.url: "sc://h/;token=[redacted]" is not allowed (flag --set) | allowed: an address without a token: set SPARK_CONNECT_TOKEN',
  ],
  [
    'spark.url',
    'sc://me:hunter2@h',
    'spark.url: "sc://[redacted]@h" is not allowed (flag --set) | allowed: text such as sc://localhost:15002 or sc://spark.example.com:443/;use_ssl=true, or null',
  ],
  [
    'spark.url',
    'sc://h/token=hunter2',
    'spark.url: "sc://h/token=[redacted]" is not allowed (flag --set) | allowed: text such as sc://localhost:15002 or sc://spark.example.com:443/;use_ssl=true, or null',
  ],
  [
    'spark.url',
    'sc://h/;x-api-key=hunter2',
    'spark.url: "sc://h/;x-api-key=[redacted]" is not allowed (flag --set) | allowed: an address without a token: set SPARK_CONNECT_TOKEN',
  ],
  [
    'spark.root',
    's3a://me:hunter2@bucket/lake',
    'spark.root: "s3a://[redacted]@bucket/lake" is not allowed (flag --set) | allowed: an address without a key: the server has its own',
  ],
  [
    'spark.settings',
    { 'spark.hadoop.fs.s3a.secret.key': 'hunter2' },
    'spark.settings: {"spark.hadoop.fs.s3a.secret.key":"[redacted]"} is not allowed (flag --set) | allowed: settings without secrets: the server has its own',
  ],
  ['gold.searches', { a: { casts: [] } }, 'unknown setting gold.searches.a.casts (flag --set) | did you mean cast?'],
])('refuses %s = %s', (key, value, message) => {
  expect(refusal({ cwd: folder(), ...set(key, value) })).toBe(message)
})

it('names every setting that is wrong at once', () => {
  const cwd = folder({ 'movielake.yaml': 'tmdb:\n  language: english\nengine: sparc\n' })
  expect(refusal({ cwd })).toMatch(/^2 settings are wrong:\n {2}tmdb\.language: .*line 2\).*\n {2}engine: .*line 3\)/)
})

it('refuses to reject every movie for credits that were not asked for', () => {
  const flags = set('tmdb.append_to_response', 'release_dates')
  expect(refusal({ cwd: folder(), ...flags })).toContain('lacks credits')
  expect(() => open({ cwd: folder(), env: { MOVIELAKE__QUALITY__REQUIRE_CREDITS: 'false' }, ...flags })).not.toThrow()
})

it.each([
  ['tmdb: [\n', /movielake\.yaml:\d: not valid YAML/],
  ['- a\n- b\n', /holds no map of settings/],
  ['tmdb: 5\n', /tmdb: is a map of settings/],
  ['engine: duckdb\nengine: duckdb\n', /:2: not valid YAML/],
  ['a: &a [1]\nb: *nobody\n', /not valid YAML/],
  ['__proto__: { x: 1 }\n', /unknown setting __proto__/],
])('refuses the file %j', (text, message) => {
  expect(refusal({ cwd: folder({ 'movielake.yaml': text }) })).toMatch(message)
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format, inspect } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { openConfig, Secret } from '../../src/config/config.ts'
import { ConfigError } from '../../src/errors.ts'

function folder(files: Readonly<Record<string, string>> = {}): string {
  const cwd = mkdtempSync(join(tmpdir(), 'movielake-secret-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  return cwd
}

function refusal(cwd: string, env: Readonly<Record<string, string>> = {}): string {
  try {
    openConfig({ cwd, env })
  } catch (error) {
    return error instanceof ConfigError ? `${error.message} | ${error.hint ?? ''}` : ''
  }
  throw new Error('opened')
}

it('prints as [redacted] wherever it ends up', () => {
  const secret = new Secret('hunter2')
  const printed = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ deep: [secret] }),
    format('%o %s %j', secret, secret, secret),
  ]
  expect(printed.join()).not.toContain('hunter2')
  expect(printed.join()).toContain('[redacted]')
  expect(secret.reveal()).toBe('hunter2')
})

it('comes from the environment', () => {
  const { secrets, origins } = openConfig({ cwd: folder(), env: { TMDB_TOKEN: ' eyJtoken\n' } })
  expect(secrets.token?.reveal()).toBe('eyJtoken')
  expect(secrets.apiKey).toBeUndefined()
  expect(origins).toMatchObject({ TMDB_TOKEN: 'environment TMDB_TOKEN', TMDB_API_KEY: 'not set' })
})

it('comes from the file that is named', () => {
  const { secrets, origins } = openConfig({ cwd: folder({ key: 'eyJfile\n' }), env: { TMDB_TOKEN_FILE: 'key' } })
  expect(secrets.token?.reveal()).toBe('eyJfile')
  expect(origins['TMDB_TOKEN']).toBe('environment TMDB_TOKEN_FILE')
})

it('comes from .env when the environment has none', () => {
  const cwd = folder({ '.env': 'export TMDB_TOKEN="eyJdotenv"\n' })
  expect(openConfig({ cwd, env: {} }).secrets.token?.reveal()).toBe('eyJdotenv')
  expect(openConfig({ cwd, env: { TMDB_TOKEN: '' } }).secrets.token?.reveal()).toBe('eyJdotenv')
  expect(openConfig({ cwd, env: { TMDB_TOKEN: 'eyJenv' } }).secrets.token?.reveal()).toBe('eyJenv')
})

it('is not looked for in a folder called .env', () => {
  const cwd = folder()
  mkdirSync(join(cwd, '.env'))
  expect(openConfig({ cwd, env: {} }).secrets.token).toBeUndefined()
})

it.each([
  'tmdb:\n  token: hunter2\n',
  'tmdb: { api_key: hunter2 }\n',
  'secrets: { tmdb: hunter2 }\n',
  'TMDB_TOKEN: hunter2\n',
])('is refused in the config file, and not repeated: %j', (text) => {
  const message = refusal(folder({ 'movielake.yaml': text }))
  expect(message).toContain('a secret does not belong here')
  expect(message).toContain('set TMDB_TOKEN')
  expect(message).not.toContain('hunter2')
})

it('is not repeated when the address holds one', () => {
  const env = { MOVIELAKE__TMDB__BASE_URL: 'https://ann:hunter2@tmdb.example/3?api_key=hunter2' }
  const message = refusal(folder(), env)
  expect(message).toContain('tmdb.base_url')
  expect(message).not.toContain('hunter2')
})

it('is refused when it could not be sent, and not repeated', () => {
  expect(refusal(folder(), { TMDB_TOKEN: 'hunter2 hunter3' })).toMatch(
    /^TMDB_TOKEN: holds blanks, line breaks(?!.*hunter)/,
  )
  expect(refusal(folder({ key: '\n' }), { TMDB_TOKEN_FILE: 'key' })).toContain('TMDB_TOKEN_FILE: holds nothing')
})

it('is refused when it is set twice in one place, or its file is missing or no file', () => {
  expect(refusal(folder(), { TMDB_TOKEN: 'a', TMDB_TOKEN_FILE: 'b' })).toContain('both set')
  expect(refusal(folder(), { TMDB_API_KEY_FILE: 'no' })).toMatch(/^TMDB_API_KEY_FILE: cannot read .*no \(ENOENT\)/)
  expect(refusal(folder(), { TMDB_API_KEY_FILE: '.' })).toContain('(EISDIR)')
})

it("Spark's token is read where Spark is asked, and nowhere else", () => {
  const env = { SPARK_CONNECT_TOKEN_FILE: 'no' }
  const { secrets, origins } = openConfig({ cwd: folder(), env })
  expect([secrets.sparkToken, origins['SPARK_CONNECT_TOKEN']]).toEqual([undefined, 'not read: engine is duckdb'])
  const spark = { ...env, MOVIELAKE__ENGINE: 'spark', MOVIELAKE__SPARK__URL: 'sc://h' }
  expect(refusal(folder(), spark)).toMatch(/^SPARK_CONNECT_TOKEN_FILE: cannot read .*no \(ENOENT\)/)
})

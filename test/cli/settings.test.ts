import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { settings } from '../../src/config/keys.ts'
import { openConfig } from '../../src/config/config.ts'
import { startSampleServer } from '../../src/sources/tmdb/index.ts'
import { call, emptyFolder } from './call.ts'

it('shows every setting, and where it came from', async () => {
  const env = { MOVIELAKE__TMDB__LANGUAGE: 'de' }
  const { code, stdout } = await call(['config', 'show', '--origins', '--lake', '/films'], { env })
  expect(code).toBe(0)
  for (const key of settings.keys()) expect(stdout).toContain(`\n${key} `.slice(key === 'lake.path' ? 1 : 0))
  expect(stdout).toMatch(/^lake\.path +"\/films" +flag --lake$/m)
  expect(stdout).toMatch(/^tmdb\.language +"de" +environment MOVIELAKE__TMDB__LANGUAGE$/m)
  expect(stdout).toMatch(/^gold\.top +10 +default$/m)
})

it('shows secrets as set or not set only', async () => {
  const env = { TMDB_TOKEN: 'hunter2hunter2' }
  for (const argv of [['config'], ['config', 'show', '--origins'], ['config', 'show', '--json', '--origins']]) {
    const { stdout, stderr } = await call(argv, { env })
    expect(stdout).toMatch(/TMDB_TOKEN"?:? +"?set/)
    expect(stdout).toMatch(/TMDB_API_KEY"?:? +"?not set/)
    expect(stdout + stderr).not.toContain('hunter2')
  }
})

it('init writes settings that change nothing until they are switched on', async () => {
  const cwd = emptyFolder()
  expect(await call(['init', 'project'], { cwd })).toMatchObject({ code: 0, stderr: '' })
  const project = join(cwd, 'project')
  const { origins } = openConfig({ cwd: project, env: {} })
  expect(new Set(Object.values(origins))).toEqual(new Set(['default', 'not set', 'not read: engine is duckdb']))
  const text = readFileSync(join(project, 'movielake.yaml'), 'utf8')
  writeFileSync(
    join(project, 'movielake.yaml'),
    text.replace('#tmdb:', 'tmdb:').replace('#  language: null', '  language: fr'),
  )
  expect(openConfig({ cwd: project, env: {} }).config.tmdb.language).toBe('fr')
})

it('init keeps files that are there, unless it is forced', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, '.gitignore'), 'mine\n')
  const { code, stdout } = await call(['init', '--json'], { cwd })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ kept: ['.gitignore'] })
  expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('mine\n')
  expect(existsSync(join(cwd, '.env.example'))).toBe(true)
  expect(await call(['init'], { cwd })).toMatchObject({ code: 2 })
  await call(['init', '--force'], { cwd })
  expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toContain('.env\n')
})

it('doctor tells what is wrong and ends with 1, or with 2 for settings', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'file'), '')
  const offline = ['--set', 'tmdb.base_url=http://127.0.0.1:9']
  const fine = await call(['doctor', ...offline], { cwd })
  expect(fine).toMatchObject({ code: 0, stderr: '' })
  expect(fine.stdout).toMatch(/^ok +duckdb +DuckDB/m)
  expect(fine.stdout).toMatch(/^warn +tmdb +http:\/\/127\.0\.0\.1:9: /m)
  const folder = await call(['doctor', '--json', '--lake', 'file', ...offline], { cwd })
  expect(folder.code).toBe(1)
  expect(JSON.parse(folder.stdout).checks).toContainEqual(expect.objectContaining({ check: 'lake', status: 'fail' }))
  expect(await call(['doctor', '--set', 'gold.top=0'], { cwd })).toMatchObject({ code: 2 })
})

it('doctor never prints the key', async () => {
  const env = { TMDB_TOKEN: 'f'.repeat(32) }
  const { code, stdout, stderr } = await call(['doctor', '--set', 'tmdb.base_url=http://127.0.0.1:9'], { env })
  expect(code).toBe(1)
  expect(stdout + stderr).not.toContain('f'.repeat(8))
})

it('doctor asks TMDB whether it takes the key', async () => {
  const server = await startSampleServer({ token: 'a'.repeat(32) })
  onTestFinished(() => server.close())
  const checks = async (key: string): Promise<string> => {
    const env = { TMDB_API_KEY: key, MOVIELAKE__TMDB__BASE_URL: server.url }
    return (await call(['doctor'], { env })).stdout
  }
  expect(await checks('a'.repeat(32))).toMatch(/^ok +tmdb .* takes the key$/m)
  expect(await checks('b'.repeat(32))).toMatch(/^fail +tmdb .* refuses the key \(401\)$/m)
  expect(await checks('short')).toMatch(/^fail +key .*\n(.*\n)*ok +tmdb/m)
})

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { call } from './call.ts'

const docs = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')
const packageVersion = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** Names of the commands in `--help`. */
async function commandNames(): Promise<string[]> {
  const { stdout } = await call(['--help'])
  const groups = stdout.slice(stdout.indexOf('Filling the lake:'), stdout.indexOf('Every command'))
  return [...groups.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
}

it('prints its version', async () => {
  expect(await call(['--version'])).toEqual({ code: 0, stdout: `${packageVersion}\n`, stderr: '' })
})

it('lists every command in its help, within 80 places', async () => {
  const { code, stdout, stderr } = await call(['--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect((await commandNames()).length).toBe(22)
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
})

it('explains every command with an example', async () => {
  for (const name of await commandNames()) {
    const { code, stdout } = await call([name, '--help'])
    expect([name, code]).toEqual([name, 0])
    if (name !== 'config') expect(stdout).toMatch(new RegExp(`Examples:\\n {2}\\$ movielake ${name}`))
  }
})

it('has every command and all of its flags in docs/cli.md', async () => {
  for (const name of await commandNames()) {
    expect(docs).toContain(`\n### ${name}`)
    const section = docs.split(`\n### ${name}`)[1]?.split('\n### ')[0] ?? ''
    expect(section).toContain(`\nmovielake ${name}`)
    const { stdout } = await call([name, '--help'])
    const own = stdout.split('Common options:')[0] ?? ''
    const flags = [...own.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag)
    expect(flags.filter((flag) => flag !== '--help' && !section.includes(flag))).toEqual([])
  }
})

it('has every common flag in docs/cli.md', async () => {
  const { stdout } = await call(['tables', '--help'])
  const common = stdout.split('Common options:')[1] ?? ''
  for (const [, flag = ''] of common.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) expect(docs).toContain(flag)
})

it.each([
  [['kpi'], "error: unknown command 'kpi'\n(Did you mean kpis?)"],
  [['kpis', '--tpo', '3'], "error: unknown option '--tpo'\n(Did you mean --top?)"],
  [['kpis', '--top', 'ten'], 'It is not a whole number.'],
  [['show', 'Matrix'], 'It is not a whole number.'],
  [['build', 'bronze'], 'Allowed choices are silver, gold.'],
  [['run', '--skip-code', '256'], 'An exit code is at most 255.'],
  [['run', '--set', 'tmdb.language'], 'It is not like key=value.'],
  [['query'], "error: missing required argument 'sql'"],
  [['query', 'select 1', '--version', '1', '--as-of', '2025-12-09'], 'cannot be used with'],
  [['import', 'a.json', '--fetched-at', 'yesterday'], 'error: --fetched-at: "yesterday" is no instant'],
  [['kpis', '--config', 'no.yaml'], 'no.yaml does not exist'],
  [['kpis', '--set', 'gold.topp=3'], 'hint: did you mean gold.top?'],
  [['ingest', '--pages', '0'], 'error: ingest.pages: 0 is not allowed (flag --pages)'],
  [[], 'Usage: movielake'],
])('ends with 2 and says why: %j', async (argv, message) => {
  const { code, stdout, stderr } = await call(argv)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

it('takes common flags before and after the command', async () => {
  const before = await call(['--set', 'tmdb.language=de', 'config', 'show', '--json', '--set', 'gold.top=3'])
  expect(JSON.parse(before.stdout).config).toMatchObject({ tmdb: { language: 'de' }, gold: { top: 3 } })
})

it('writes errors as JSON where the log is', async () => {
  const { code, stderr } = await call(['kpis', '--log-format', 'json', '--set', 'gold.top=0'])
  expect(code).toBe(2)
  expect(JSON.parse(stderr)).toMatchObject({ type: 'error', name: 'ConfigError', exit_code: 2 })
})

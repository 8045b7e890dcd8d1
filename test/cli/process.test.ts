import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { startSampleServer } from '../../src/sources/tmdb/index.ts'
import { emptyFolder } from './call.ts'

const bin = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

beforeAll(() => {
  if (!existsSync(bin)) throw new Error('dist/ is missing: npm run build')
})

/** A run that waits for an answer that never comes, and what it wrote so far. */
async function startHangingRun(cwd: string) {
  const server = await startSampleServer({ misbehave: [{ trouble: { kind: 'hang' } }] })
  onTestFinished(() => server.close())
  const env = { ...process.env, MOVIELAKE__TMDB__BASE_URL: server.url, TMDB_API_KEY: 'a'.repeat(32) }
  const child = spawn(process.execPath, [bin, 'run', '--log-format', 'json'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  while (!stderr.includes('"step.started"')) await once(child.stderr, 'data')
  return { child, stderr: () => stderr }
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a run with %i, its record written and its lock released', async (signal, exitCode) => {
  const cwd = emptyFolder()
  const { child, stderr } = await startHangingRun(cwd)
  child.kill(signal)
  expect(await once(child, 'close')).toEqual([exitCode, null])
  expect(stderr()).toContain(`stopped by ${signal}`)
  expect(existsSync(join(cwd, 'lake/lock.json'))).toBe(false)
  const [runId = ''] = readdirSync(join(cwd, 'lake/runs'))
  const record = JSON.parse(readFileSync(join(cwd, 'lake/runs', runId, 'run.json'), 'utf8'))
  expect(record).toMatchObject({ status: 'stopped', error: { exit_code: exitCode } })
})

it('ends quietly when nobody reads its output any more', async () => {
  const sql = 'select range as n, repeat(chr(120), 100) as text from range(50000)'
  const child = spawn(
    'sh',
    ['-c', `"$0" "$1" query --csv "${sql}" | head -n 2; echo done >&2`, process.execPath, bin],
    {
      cwd: emptyFolder(),
    },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await once(child, 'close')
  expect(stdout).toBe(`n,text\r\n0,${'x'.repeat(100)}\r\n`)
  expect(stderr).toBe('done\n')
})

it('prints its help without loading DuckDB, zod or yaml', async () => {
  const resolver = `export const resolve = (name, context, next) => {
    if (/duckdb|^zod|^yaml/.test(name)) throw new Error('loads ' + name)
    return next(name, context)
  }`
  const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`
  const hook = url(`import { register } from 'node:module'; register(${JSON.stringify(url(resolver))})`)
  const help = async (...argv: string[]): Promise<unknown> => {
    const child = spawn(process.execPath, ['--import', hook, bin, ...argv], { cwd: emptyFolder(), stdio: 'ignore' })
    return (await once(child, 'close'))[0]
  }
  expect(await help('--help')).toBe(0)
  expect(await help('kpis', '--help')).toBe(0)
  expect(await help('config', 'show')).toBe(1)
})

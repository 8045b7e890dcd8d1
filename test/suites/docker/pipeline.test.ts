import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Compose, docker, freePort, output, type Container } from './docker.ts'

const steps = ['ingest', 'silver', 'gold', 'report'] as const
const services = ['tmdb', ...steps, 'dashboard']
const work = mkdtempSync(path.join(tmpdir(), 'movielake-docker-'))
const outsideLake = path.join(work, 'outside')
let port: number
let compose: Compose
/** `npm start` on this machine, as long as containers do the same. */
let outside: Promise<string>

beforeAll(async () => {
  port = await freePort()
  compose = new Compose('pipeline', { MOVIELAKE_PORT: String(port) })
  await compose.down()
  outside = output('npm', ['start', '--silent', '--', '--lake', outsideLake, '--quiet'], { timeoutMs: 600_000 })
  outside.catch(() => undefined)
})
afterAll(async () => {
  await outside.catch(() => undefined)
  await compose.down()
  rmSync(work, { recursive: true, force: true })
})

const statusOf = async (service: string) => {
  const { State } = await compose.container(service)
  return State.Status === 'exited' ? State.ExitCode : State.Status
}
const statuses = async () =>
  Object.fromEntries(await Promise.all(services.map(async (service) => [service, await statusOf(service)] as const)))
const msOf = (at: string): number => Date.parse(at)
const kpisOf = (text: string): unknown => ({ ...JSON.parse(text), published: undefined })

/** All services brought up, with how long each waited for the one before it and how long it ran. */
async function up(about: string): Promise<Readonly<Record<string, Container>>> {
  const startedMs = Date.now()
  const { code, stdout, stderr } = await compose.run(['up', '-d', '--wait'], { timeoutMs: 380_000 })
  expect(code, `${stdout}${stderr}\n${await compose.logs()}`).toBe(0)
  const found = await Promise.all(services.map(async (service) => [service, await compose.container(service)] as const))
  const seconds = (ms: number): string => (ms < 0 ? '-' : `${(ms / 1000).toFixed(1)} s`).padStart(9)
  const rows = found.map(([service, { State }]) => {
    const ranMs = State.Status === 'exited' ? msOf(State.FinishedAt) - msOf(State.StartedAt) : -1
    return `${service.padEnd(10)} ${seconds(msOf(State.StartedAt) - startedMs)} ${seconds(ranMs)}`
  })
  console.log(
    [`${about}: up in ${seconds(Date.now() - startedMs).trim()}`, 'service       waited       ran', ...rows].join('\n'),
  )
  return Object.fromEntries(found)
}

describe('the pipeline', () => {
  it('stops when silver is killed, and says so', async () => {
    const upping = compose.run(['up', '-d'], { timeoutMs: 120_000 })
    const silver = await compose.waitForText('silver', /movielake build silver/)
    await docker(['kill', '--signal', 'KILL', silver])
    expect((await upping).stderr).toContain(`service "silver" didn't complete successfully: exit 137`)
    expect(await statuses()).toMatchObject({ ingest: 0, silver: 137, gold: 'created', dashboard: 'created' })
    const { checks } = JSON.parse(await compose.movielake('doctor', '--json'))
    expect(checks).toContainEqual(
      expect.objectContaining({ found: expect.stringContaining('locked by "build silver"') }),
    )
  }, 800_000)

  it('heals at the next up: each service starts when the one before it has ended well', async () => {
    const found = await up('after a kill')
    expect(await statuses()).toEqual({
      tmdb: 'running',
      ingest: 0,
      silver: 0,
      gold: 0,
      report: 0,
      dashboard: 'running',
    })
    expect(await compose.logs('ingest')).toMatch(/locked by "build silver".*: waiting for it up to 120 s/)
    const [first, ...rest] = [...steps, 'dashboard'].map((service) => found[service])
    let before = first
    for (const next of rest) {
      expect(msOf(next?.State.StartedAt ?? '')).toBeGreaterThanOrEqual(msOf(before?.State.FinishedAt ?? ''))
      before = next
    }
    expect(found['dashboard']?.State.Health?.Status).toBe('healthy')
  }, 800_000)

  it('has the KPIs and the charts of npm start', async () => {
    await outside
    const own = await output('node', ['dist/cli/main.js', 'kpis', '--json', '--lake', outsideLake])
    expect(kpisOf(await compose.movielake('kpis', '--json'))).toEqual(kpisOf(own))
    const copied = path.join(work, 'report')
    expect((await compose.run(['cp', 'dashboard:/lake/report', copied])).code).toBe(0)
    const charts = readdirSync(path.join(copied, 'charts')).filter((name) => !name.endsWith('.png'))
    expect(charts.length).toBeGreaterThan(20)
    for (const chart of charts) {
      const [inside, there] = [copied, path.join(outsideLake, 'report')].map((folder) =>
        // each names the run it is of
        readFileSync(path.join(folder, 'charts', chart), 'utf8').replace(/Run \w+-\w+/, ''),
      )
      expect(inside, chart).toBe(there)
    }
  }, 600_000)

  it('is understood in the list of runs: one a service, the one that was killed taken up', async () => {
    const runs = JSON.parse(await compose.movielake('runs', '--json')) as { command: string; status: string }[]
    expect(runs.map(({ command, status }) => `${command} ${status}`).sort()).toEqual([
      'build gold ok',
      'build silver ok',
      'ingest ok',
      'ingest ok',
    ])
  })

  it('shows the dashboard to who has the address that was printed', async () => {
    const address = /dashboard at (http:\S+)/.exec(await compose.logs('dashboard'))?.[1] ?? ''
    const { origin, searchParams } = new URL(address)
    expect(origin).toBe(`http://localhost:${port}`)
    expect((await fetch(`${origin}/healthz`)).status).toBe(200)
    expect((await fetch(`${origin}/api/lake`)).status).toBe(401)
    const authorization = `Bearer ${searchParams.get('token')}`
    const page = await fetch(`${origin}/`, { headers: { authorization } })
    expect(await page.text()).toContain('<title>')
    const films = await fetch(`${origin}/api/films`, { headers: { authorization } })
    expect(await films.json()).toMatchObject({ total: 410 })
    const { stdout } = await compose.run(['port', 'dashboard', String(port)])
    expect(stdout.trim()).toBe(`127.0.0.1:${port}`)
  })

  it('runs without rights, on a root that is read-only', async () => {
    for (const service of services)
      expect((await compose.container(service)).HostConfig.ReadonlyRootfs, service).toBe(true)
    const look = `for (const file of ['/app/x', '/etc/x', '/lake/x', '/tmp/x'])
      try { fs.writeFileSync(file, ''); fs.rmSync(file); console.log(file, 'written') }
      catch ({ code }) { console.log(file, code) }
    console.log(fs.readFileSync('/proc/self/status', 'utf8').match(/^(Uid|CapEff|NoNewPrivs):.*$/gm).join(' ').replaceAll(/\\s+/g, ' '))`
    const { stdout } = await compose.run(['exec', '-T', 'dashboard', 'node', '-e', look])
    expect(stdout.trim().split('\n')).toEqual([
      '/app/x EROFS',
      '/etc/x EROFS',
      '/lake/x written',
      '/tmp/x written',
      'Uid: 1000 1000 1000 1000 CapEff: 0000000000000000 NoNewPrivs: 1',
    ])
  })

  it('lets silver, gold and report reach nothing outside', async () => {
    const { IPAddress = '' } = Object.values((await compose.container('tmdb')).NetworkSettings.Networks)[0] ?? {}
    const ask = `Promise.all(['http://tmdb:8787', 'http://${IPAddress}:8787', 'http://1.1.1.1'].map((url) =>
      fetch(url, { signal: AbortSignal.timeout(5000) }).then(() => 'answers', () => 'nothing'))).then((found) => console.log(...found))`
    const found = async (service: string) =>
      (await compose.run(['run', '--rm', '-T', '--no-deps', '--entrypoint', 'node', service, '-e', ask])).stdout.trim()
    expect(await found('ingest')).toMatch(/^answers answers/)
    expect(await found('silver')).toBe('nothing nothing nothing')
    for (const service of ['silver', 'gold', 'report'])
      expect(Object.keys((await compose.container(service)).NetworkSettings.Networks)).toEqual([
        'movielake-check-pipeline_engine',
      ])
  })

  it('takes a second up of a day as an increment', async () => {
    const [answers, films] = [await compose.count('bronze.movies'), await compose.count('silver.movies')]
    const before = await compose.movielake('kpis', '--json')
    const { StartedAt } = (await compose.container('dashboard')).State
    const { dashboard } = await up('on the same day')
    expect(await compose.count('bronze.movies')).toBe(answers + 417)
    expect(await compose.count('silver.movies')).toBe(films)
    expect(kpisOf(await compose.movielake('kpis', '--json'))).toEqual(kpisOf(before))
    expect(dashboard?.State).toMatchObject({ Status: 'running', StartedAt })
  }, 800_000)

  it('ends the dashboard well when it is stopped', async () => {
    const startedMs = Date.now()
    expect((await compose.run(['stop', 'dashboard'])).code).toBe(0)
    expect(await statusOf('dashboard')).toBe(0)
    expect(Date.now() - startedMs).toBeLessThan(25_000)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Compose, freePort, output, type Ended } from './docker.ts'

const work = mkdtempSync(path.join(tmpdir(), 'movielake-docker-'))
let compose: Compose

/** What a script writes in the container of a service that runs. */
const inside = async (service: string, ...command: readonly string[]): Promise<string> =>
  (await compose.run(['exec', '-T', service, ...command])).stdout.trim()

/** How `movielake kpis` ends with other variables. */
const kpis = (...variables: readonly string[]): Promise<Ended> => {
  const named = variables.flatMap((variable) => ['-e', variable])
  return compose.run(['run', '--rm', '-T', '--no-deps', ...named, 'movielake', 'kpis', '--json'])
}

// the image can be neither pulled nor made where this is not set
describe.skipIf(process.env['SPARK_IMAGE'] === undefined)('the pipeline on Spark', () => {
  beforeAll(async () => {
    const config = path.join(work, 'few.yaml')
    writeFileSync(config, 'ingest: { sources: [list] }\n')
    const asked = { COMPOSE_PROFILES: 'spark', MOVIELAKE_ENGINE: 'spark' }
    compose = new Compose('spark', { ...asked, MOVIELAKE_CONFIG: config, MOVIELAKE_PORT: String(await freePort()) })
    await compose.down()
    const built = await compose.run(['build', 'spark'], { timeoutMs: 300_000 })
    expect(built.code, built.stderr).toBe(0)
    const startedMs = Date.now()
    const { code, stdout, stderr } = await compose.run(['up', '-d', '--wait'], { timeoutMs: 1_000_000 })
    expect(code, `${stdout}${stderr}\n${await compose.logs()}`).toBe(0)
    console.log(`on Spark: up in ${Math.round((Date.now() - startedMs) / 1000)} s`)
  }, 1_300_000)
  afterAll(async () => {
    await compose.down()
    rmSync(work, { recursive: true, force: true })
  })

  it('has every table written by Spark, as files of the one user all services have', async () => {
    const look = `const files = fs.readdirSync('/lake', { recursive: true }).map((name) => '/lake/' + name)
      const commits = files.filter((file) => /_delta_log.\\d+\\.json$/.test(file))
      const engines = commits.flatMap((file) => fs.readFileSync(file, 'utf8').match(/(?<="engineInfo":")[^"]*/g))
      const tables = new Set(commits.map((file) => path.dirname(file)))
      const owners = new Set(files.map((file) => fs.statSync(file).uid))
      console.log(JSON.stringify({ tables: tables.size, engines: [...new Set(engines)], owners: [...owners] }))`
    const { tables, ...found } = JSON.parse(await inside('dashboard', 'node', '-e', look))
    expect(tables).toBeGreaterThan(25)
    expect(found).toEqual({ engines: ['Apache-Spark/4.2.0 Delta-Lake/4.4.0'], owners: [1000] })
  })

  it('has the KPIs that DuckDB computes', async () => {
    const lake = ['--lake', path.join(work, 'lake')]
    await output('node', ['dist/cli/main.js', 'run', '--quiet', '--source', 'list', ...lake])
    const own = await output('node', ['dist/cli/main.js', 'kpis', '--json', ...lake])
    const there = await kpis()
    expect(there.code, there.stderr).toBe(0)
    expect({ ...JSON.parse(there.stdout), published: undefined }).toEqual({ ...JSON.parse(own), published: undefined })
  })

  it('is shown by a dashboard that has nothing to do with Spark', async () => {
    const { origin, searchParams } = new URL(/http:\S+/.exec(await compose.logs('dashboard'))?.[0] ?? '')
    const headers = { authorization: `Bearer ${searchParams.get('token')}` }
    expect(await (await fetch(`${origin}/api/films`, { headers })).json()).toMatchObject({ total: 18 })
    const { NetworkSettings } = await compose.container('dashboard')
    expect(Object.keys(NetworkSettings.Networks)).toEqual(['movielake-check-spark_default'])
  })

  it('runs Spark without rights, on a root that is read-only, with no way out', async () => {
    const { HostConfig, NetworkSettings } = await compose.container('spark')
    expect(HostConfig.ReadonlyRootfs).toBe(true)
    expect(Object.keys(NetworkSettings.Networks)).toEqual(['movielake-check-spark_engine'])
    expect((await compose.run(['port', 'spark', '15002'])).stdout).not.toMatch(/:[1-9]/)
    const { Networks } = (await compose.container('tmdb')).NetworkSettings
    const address = Object.values(Networks)[0]?.IPAddress
    const look = `for file in /opt/spark/x /lake/x; do (: >$file) 2>/dev/null && rm $file && echo $file written; done
      for host in 127.0.0.1/15002 ${address}/8787; do (exec 3<>/dev/tcp/$host) 2>/dev/null && echo $host reached; done
      grep -hE '^(Uid|CapEff|NoNewPrivs):' /proc/self/status | tr -s '\\t\\n' ' '`
    expect((await inside('spark', 'bash', '-c', look)).split('\n')).toEqual([
      '/lake/x written',
      '127.0.0.1/15002 reached',
      'Uid: 1000 1000 1000 1000 CapEff: 0000000000000000 NoNewPrivs: 1',
    ])
  })

  it('makes up a token that is told to nobody else, and refuses another', async () => {
    const token = await inside('spark', 'cat', '/spark/token')
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    const told = await Promise.all(['spark', 'ingest', 'gold'].map((service) => compose.container(service)))
    expect(JSON.stringify(told) + (await compose.logs())).not.toContain(token)
    const refused = await kpis('SPARK_CONNECT_TOKEN_FILE=', 'SPARK_CONNECT_TOKEN=another')
    expect(refused.stderr).toContain('the server refuses us')
    expect(refused.code).toBe(5)
  })

  it('says that Spark is not there when it was stopped', async () => {
    expect((await compose.run(['stop', 'spark'])).code).toBe(0)
    const { code, stderr } = await kpis()
    expect(stderr).toContain('no answer')
    expect(code).toBe(75)
  })
})

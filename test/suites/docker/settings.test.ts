import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { Compose, docker, images, run } from './docker.ts'

const work = mkdtempSync(path.join(tmpdir(), 'movielake-docker-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

function written(name: string, text: string): string {
  const file = path.join(work, name)
  writeFileSync(file, text)
  return file
}

/** A project that is gone when the test ends. */
async function project(
  name: string,
  env: Readonly<Record<string, string>>,
  files: readonly string[] = [],
): Promise<Compose> {
  const compose = new Compose(name, env, files)
  await compose.down()
  onTestFinished(() => compose.down())
  return compose
}

describe('the config file', () => {
  it('that is in the image is read', async () => {
    const shown = await docker(['run', '--rm', images.movielake, 'config', 'show', '--origins'])
    expect(shown).toMatch(/^ingest\.pages +21 +file \/etc\/movielake\/movielake\.yaml$/m)
    expect(shown).toMatch(/^lake\.path +"\/lake" +environment MOVIELAKE__LAKE__PATH$/m)
  })

  it('that is mounted is read instead', async () => {
    const compose = await project('mounted', { MOVIELAKE_CONFIG: written('mine.yaml', 'gold: { top: 3 }\n') })
    const shown = await compose.movielake('config', 'show', '--origins')
    expect(shown).toMatch(/^gold\.top +3 +file \/etc\/movielake\/movielake\.yaml$/m)
    expect(shown).toMatch(/^ingest\.pages +1 +default$/m)
  })

  it('that is another one, like the file of the key, is mounted by the next up', async () => {
    const compose = await project('another', {})
    for (const name of ['one', 'two']) {
      const env = { MOVIELAKE_CONFIG: written(`${name}.yaml`, ''), TMDB_TOKEN_FILE: written(`${name}-key`, name) }
      expect((await compose.run(['create', 'ingest'], { env })).code).toBe(0)
      expect((await compose.container('tmdb')).Mounts.map(({ Source }) => Source)).toEqual([env.MOVIELAKE_CONFIG])
      const sources = (await compose.container('ingest')).Mounts.map(({ Source }) => Source)
      expect(sources).toEqual(expect.arrayContaining([env.MOVIELAKE_CONFIG, env.TMDB_TOKEN_FILE]))
    }
  })

  it('that is missing is an error, outside and inside', async () => {
    const compose = await project('missing', { MOVIELAKE_CONFIG: path.join(work, 'nowhere.yaml') })
    const { code, stderr } = await compose.run(['up', '-d'])
    expect(code).not.toBe(0)
    expect(stderr).toContain(path.join(work, 'nowhere.yaml'))
    const named = ['run', '--rm', '-e', 'MOVIELAKE_CONFIG=/nowhere.yaml', images.movielake, 'kpis']
    expect(await run('docker', named)).toMatchObject({ code: 2, stderr: expect.stringContaining('does not exist') })
  })

  it('that is wrong ends npm run docker:up with 2 before anything is asked', async () => {
    const env = { MOVIELAKE_CONFIG: written('wrong.yaml', 'gold: { topp: 3 }\n') }
    const compose = await project('wrong', env)
    const name = { COMPOSE_PROJECT_NAME: 'movielake-check-wrong', MOVIELAKE_IMAGE: images.up }
    const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'docker:up'], { env: { ...env, ...name } })
    expect(stdout + stderr).toContain('did you mean gold.top?')
    expect(code).toBe(2)
    expect((await compose.container('ingest')).State.Status).toBe('created')
  })
})

describe('the key', () => {
  const secret = '8d3f1c5e7a9b2046d8f0a1b3c5e7f92d'
  // stands in for TMDB with one key it accepts; of its own settings it needs none
  const override = written(
    'keyed.yaml',
    `services:
  tmdb:
    entrypoint: [sh, -c, 'movielake demo-server --host 0.0.0.0 --quiet --token "$$(cat /run/accepted)" >/dev/null']
    volumes: ['${work}/accepted:/run/accepted:ro']
    healthcheck: { test: [CMD, node, -e, "fetch('http://127.0.0.1:8787').then(() => process.exit(0), () => process.exit(1))"] }
  ingest:
    environment: { MOVIELAKE__TMDB__BASE_URL: 'http://tmdb:8787/3' }
`,
  )
  const config = written('few.yaml', 'ingest: { sources: [list] }\n')
  written('accepted', secret)

  it('that is refused stops the services behind; the right one, by file, heals, and is seen nowhere', async () => {
    const compose = await project('key', { MOVIELAKE_CONFIG: config }, [override])
    const refused = await compose.run(['up', '-d'], { env: { TMDB_TOKEN: 'f'.repeat(32) }, timeoutMs: 90_000 })
    expect(refused.stderr).toContain(`service "ingest" didn't complete successfully: exit 5`)
    for (const service of ['silver', 'gold', 'report', 'dashboard'])
      expect((await compose.container(service)).State.Status, service).toBe('created')

    const env = { TMDB_TOKEN_FILE: written('key', `${secret}\n`) }
    const healed = await compose.run(['up', '-d', 'report'], { env, timeoutMs: 120_000 })
    expect(healed.code, healed.stderr).toBe(0)
    await compose.run(['wait', 'report'], { env })
    expect((await compose.container('report')).State.ExitCode).toBe(0)
    const [, , ingest] = JSON.parse(await compose.movielake('runs', '--json'))
    expect(ingest).toMatchObject({ command: 'ingest', status: 'ok', is_sample: false })

    expect(await compose.logs()).not.toContain(secret)
    for (const service of ['tmdb', 'ingest', 'silver', 'gold', 'report'])
      expect(JSON.stringify(await compose.container(service)), service).not.toContain(secret)
    const found = ['run', '--rm', '-T', '--no-deps', '--entrypoint', 'grep', 'movielake', '-rlF', secret, '/lake']
    expect(await compose.run(found)).toMatchObject({ code: 1, stdout: '' })
  }, 600_000)
})

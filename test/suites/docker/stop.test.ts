import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Compose } from './docker.ts'

it('a stop in the middle of ingest keeps its answers and starts nothing behind; the next up goes on', async () => {
  const work = mkdtempSync(path.join(tmpdir(), 'movielake-docker-'))
  onTestFinished(() => rmSync(work, { recursive: true, force: true }))
  const slow = path.join(work, 'slow.yaml')
  writeFileSync(slow, 'tmdb: { rate_per_second: 5 }\ningest: { sources: [list, popular], pages: 21 }\n')
  const compose = new Compose('stop')
  await compose.down()
  onTestFinished(() => compose.down())
  const upping = compose.run(['up', '-d'], { env: { MOVIELAKE_CONFIG: slow }, timeoutMs: 120_000 })
  // said every ten seconds
  await compose.waitForText('ingest', /ingest: \d+\/439 movies/)
  expect((await compose.run(['stop', 'ingest'])).code).toBe(0)
  expect((await upping).stderr).toContain(`service "ingest" didn't complete successfully: exit 143`)
  for (const service of ['silver', 'gold', 'report', 'dashboard'])
    expect((await compose.container(service)).State.Status, service).toBe('created')
  const [stopped] = JSON.parse(await compose.movielake('runs', '--json'))
  expect(stopped).toMatchObject({ command: 'ingest', status: 'stopped', is_sample: true })
  expect(await compose.count('bronze.movies')).toBeGreaterThan(0)

  const again = await compose.run(['up', '--abort-on-container-exit', 'ingest'], { timeoutMs: 120_000 })
  expect(again.stdout + again.stderr).toContain('taking up a run')
  const [ended] = JSON.parse(await compose.movielake('runs', '--json'))
  expect(ended).toMatchObject({ run_id: stopped.run_id, status: 'ok' })
  expect(await compose.count('bronze.movies')).toBe(417)
}, 600_000)

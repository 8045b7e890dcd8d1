import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { PublishedAnswer } from '../../src/dashboard/api-types.ts'
import { publishedLake, testDashboard } from './test-dashboard.ts'

it('tells once that a publication cannot be shown, and shows it as soon as it can', async () => {
  const lake = await publishedLake()
  const dashboard = await testDashboard(lake)
  onTestFinished(async () => {
    await dashboard.close()
    await lake.close()
    await rm(lake.root, { recursive: true, force: true })
  })
  const file = join(lake.root, 'serving.duckdb')
  await rename(file, `${file}.before`)
  await mkdir(join(file, 'in the way'), { recursive: true })
  const path = join(lake.root, 'published.json')
  const published = JSON.parse(await readFile(path, 'utf8')) as PublishedAnswer
  const at = '2030-01-01T00:00:00.000000Z'
  await writeFile(path, JSON.stringify({ ...published, at }))
  await expect.poll(() => dashboard.errors.length, { timeout: 200_000 }).toBe(1)
  expect(await dashboard.read<PublishedAnswer>('/api/published')).toEqual({
    run_id: published.run_id,
    at: published.at,
  })
  await pause(3000)
  expect(dashboard.errors).toHaveLength(1)
  await rm(file, { recursive: true })
  await expect
    .poll(() => dashboard.read<PublishedAnswer>('/api/published'), { timeout: 200_000 })
    .toEqual({ run_id: published.run_id, at })
}, 600_000)

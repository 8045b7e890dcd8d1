import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call } from './call.ts'

let cwd = ''
const inLake = (...argv: string[]) => call(argv, { cwd })

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'movielake-cli-upkeep-'))
  writeFileSync(join(cwd, 'movielake.yaml'), 'duckdb: { threads: 1 }\nsilver: { min_filled_columns: 2 }\n')
  for (const id of [1, 2]) {
    const film = { id, title: `Film ${id}`, status: 'Released', credits: { cast: [], crew: [] } }
    writeFileSync(join(cwd, `${id}.ndjson`), `${JSON.stringify(film)}\n`)
    await inLake('import', `${id}.ndjson`, '--fetched-at', '2025-12-09')
  }
  await inLake('build')
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

it('optimize and vacuum print a line for each table that they change, and what it came to', async () => {
  const optimized = await inLake('optimize', 'bronze.movies')
  expect(optimized.code).toBe(0)
  expect(optimized.stdout).toMatch(
    /^table +version +files before +after +size before +after\nbronze\.movies +1 to 2 +2 +1 /,
  )
  expect(optimized.stdout).toMatch(/\n1 file fewer in 1 table, .* less in .* \(run .*\)\n$/)
  await inLake('build')
  const plan = await inLake('vacuum', '--dry-run', '--retention-hours', '0', 'bronze.movies')
  expect(plan.stdout).toMatch(/\nnothing was done: it would be 2 files fewer in 1 table, .* less\n$/)
  const { stdout } = await inLake('vacuum', '--retention-hours', '0', '--json', 'bronze.movies')
  expect(JSON.parse(stdout)).toMatchObject({
    run: { status: 'ok' },
    tables: [{ table: 'bronze.movies', filesBefore: 3, filesAfter: 1 }],
  })
  expect((await inLake('vacuum')).stdout).toMatch(/^nothing to do in /)
})

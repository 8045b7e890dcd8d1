import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { tempFolder } from '../engines/temp-folder.ts'
import { compiled, transpiled } from '../compiled.ts'

const page = await readFile('docs/library.md', 'utf8')
const samples = Array.from(page.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => code)

it('every sample of docs/library.md runs, one after the other', async () => {
  const cwd = await tempFolder()
  const library = await compiled('src/index.ts')
  for (const [i, sample] of samples.entries())
    await writeFile(path.join(cwd, `${i}.mjs`), transpiled(sample).replace("'movielake'", `'${library}'`))
  const all = samples.map((_, i) => `console.log('--- ${i}')\nawait import('./${i}.mjs')\n`)
  await writeFile(path.join(cwd, 'all.mjs'), all.join(''))
  const child = spawn(process.execPath, ['all.mjs'], {
    cwd,
    env: { PATH: process.env['PATH'], MOVIELAKE__REPORT__ENABLED: 'false', MOVIELAKE__DUCKDB__THREADS: '1' },
  })
  const ended = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(err).toBe('')
  expect(await ended).toEqual([0, null])
  const said = out.split(/^--- \d+\n/m).slice(1)
  expect(said).toHaveLength(samples.length)
  expect(said[0]).toMatch(/^ok \[[\s\S]*title: 'Avatar'/)
  expect(said[2]).toMatch(/^en \d+\n/)
  expect(said[5]).toContain('{ kept: 1, rejected: 0, duplicates: 0 }\nsilver.movies is not there yet')
  expect(said[6]).toMatch(/report \d+ /)
  expect(said[7]).toBe('')
  expect(said[8]).toMatch(/^look at the data: 1 of 1 answers were refused/)
  expect(said[8]).toContain("reason: 'not_found'")
  expect(said[9]).toContain('The Avengers Collection')
})

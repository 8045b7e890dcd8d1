import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { docker, output, project, run } from './docker.ts'

// made up here: this file is in the image of the tests
const secret = randomBytes(16).toString('hex')
const keyed = ['movielake-check-keyed', 'movielake-check-keyed-tests']
const work = mkdtempSync(path.join(tmpdir(), 'movielake-docker-'))

// apart from the secrets it is the project as it is, so that layers come from the cache
beforeAll(async () => {
  const copy = path.join(work, 'project')
  const left = ['.git', 'dist', 'lake', 'node_modules'].map((name) => path.join(project, name))
  cpSync(project, copy, { recursive: true, filter: (from) => !left.includes(from) })
  for (const name of ['.env', 'deploy/.env', 'test/.env.local', 'deploy/key', 'token.json'])
    writeFileSync(path.join(copy, name), `TMDB_TOKEN=${secret}\n`)
  const env = { MOVIELAKE_IMAGE: 'movielake-check-keyed', TMDB_TOKEN: secret, TMDB_API_KEY: secret }
  const args = ['compose', '-f', path.join(copy, 'deploy/compose.yaml'), '--profile', 'tests', 'build', 'tmdb', 'tests']
  await output('docker', args, { env, timeoutMs: 420_000 })
}, 440_000)
afterAll(async () => {
  await run('docker', ['image', 'rm', '--force', ...keyed])
  rmSync(work, { recursive: true, force: true })
})

it('a key beside the project, or in the environment of the build, is in no layer', async () => {
  // these are: of the config file in both images, and of a file that only the image of the tests has
  const [config, compose] = ['The settings of the containers.', 'The whole pipeline in containers,']
  expect(await foundInLayers([secret, config, compose])).toEqual([config, compose])
}, 600_000)

it.each(keyed)('a key is nowhere in what is said about %s', async (image) => {
  expect(await docker(['history', '--no-trunc', image])).not.toContain(secret)
  expect(await docker(['image', 'inspect', image])).not.toContain(secret)
})

/** Those of the texts, by letter, that the images, as they would be sent to a registry, have somewhere. */
async function foundInLayers(texts: readonly string[]): Promise<readonly string[]> {
  const folder = path.join(work, 'saved')
  mkdirSync(folder)
  // which engine it is decides whether layers are compressed
  const search = `docker save ${keyed.join(' ')} | tar -xC "$0"
    find "$0" -type f -exec gzip -cdf {} + | LC_ALL=C grep -aoF "$@" | sort -u`
  const patterns = texts.flatMap((text) => ['-e', text])
  return (await output('sh', ['-c', search, folder, ...patterns], { timeoutMs: 280_000 })).trim().split('\n')
}

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { openConfig } from '../src/config/config.ts'
import { tempFolder } from './engines/temp-folder.ts'

interface Service {
  readonly pull_policy?: string
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly networks?: readonly string[]
  readonly build?: { readonly args: Readonly<Record<string, string>> }
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
}

const compose = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true })
const services = compose.services as Record<string, Service>
const dockerfile = readFileSync('deploy/Dockerfile', 'utf8')
const sparkDockerfile = readFileSync('deploy/spark.Dockerfile', 'utf8')

it('each service waits for the end of the one before it', () => {
  const chain = ['ingest', 'silver', 'gold', 'report', 'dashboard']
  for (const [at, service] of chain.entries())
    expect(services[service]?.depends_on, service).toEqual(
      at === 0
        ? { tmdb: { condition: 'service_healthy' }, spark: { condition: 'service_healthy', required: false } }
        : { [chain[at - 1] ?? '']: { condition: 'service_completed_successfully' } },
    )
})

it('containers have a root that is read-only, and ports that only this machine reaches', () => {
  const { tests, ...others } = services
  expect(tests).toBeDefined()
  expect(Object.entries(others).filter(([, { read_only }]) => read_only !== true)).toEqual([])
  const ports = Object.values(services).flatMap(({ ports = [] }) => ports)
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

it('no image is asked for in a registry', () => {
  const pulled = Object.entries(services).filter(
    ([, { pull_policy = '' }]) => !['never', 'build'].includes(pull_policy),
  )
  expect(pulled).toEqual([])
})

it('only ingest is given a key', () => {
  const keyed = Object.entries(services).filter(
    ([, { environment = {}, secrets = [] }]) =>
      secrets.length > 0 || Object.keys(environment).some((name) => name.startsWith('TMDB_')),
  )
  expect(keyed.map(([name]) => name)).toEqual(['ingest'])
  expect(dockerfile).not.toMatch(/TMDB_/)
})

it('silver, gold, report and Spark are on a network of their own, which leads nowhere', () => {
  expect(compose.networks).toEqual({ engine: { internal: true } })
  const inside = Object.entries(services).filter(([, { networks }]) => networks?.includes('default') === false)
  expect(inside.map(([name]) => name)).toEqual(['silver', 'gold', 'report', 'spark'])
})

it('the image of Spark has the versions that are tested, from where the Compose file says', () => {
  const [pom, packages] = ['test/suites/delta/pom.xml', 'test/suites/delta/install.js'].map((file) =>
    readFileSync(file, 'utf8'),
  )
  const [, delta] = /<version>(\d[\d.]+)</.exec(pom ?? '') ?? []
  expect(sparkDockerfile).toContain(`name="delta-spark_4.2_2.13" rev="${delta}"`)
  expect(sparkDockerfile).toContain(`  jars/delta-spark_4.2_2.13-${delta}.jar`)
  const [, spark] = /pyspark==([\d.]+)/.exec(packages ?? '') ?? []
  expect(sparkDockerfile).toContain(`ARG SPARK_IMAGE=apache/spark:${spark}-`)
  for (const [, name, value = ''] of sparkDockerfile.matchAll(/^ARG (\w+)(?:=(.*))?$/gm))
    expect(services['spark']?.build?.args).toHaveProperty(name ?? '', `\${${name}:-${value}}`)
})

it('docker:up ends with the code of the service it failed at, not with one of a container it did not reach', async () => {
  const folder = await tempFolder()
  const docker = `#!/bin/sh
case "$*" in
  *' ps '*) echo gold ingest ;;
  *' up '*) : >"$0.reached"; exit 1 ;;
  inspect*)
    echo '{"ExitCode":3,"FinishedAt":"2026-03-01T12:00:00Z"}'
    [ ! -e "$0.reached" ] || echo '{"ExitCode":75,"FinishedAt":"2026-03-02T12:00:00Z"}' ;;
esac
`
  await writeFile(path.join(folder, 'docker'), docker, { mode: 0o755 })
  const { status } = spawnSync(process.execPath, ['scripts/docker-up.js'], { env: { PATH: folder } })
  expect(status).toBe(75)
})

it.each([
  [['--profile', 'spark', '-d'], {}, 'spark: --profile spark up --build -d'],
  [['--wait', '--profile=spark'], {}, 'spark: --profile spark up --build --wait'],
  [['-d'], { COMPOSE_PROFILES: 'commands,spark' }, 'spark: up --build -d'],
  [['-d'], {}, 'none: up --build -d'],
  [['--profile', 'spark'], { MOVIELAKE_ENGINE: '' }, 'none: --profile spark up --build'],
])('docker:up %s, with %o, is %s', async (args, env, said) => {
  const folder = await tempFolder()
  const docker = `#!/bin/sh
case "$*" in *' up '*) echo "\${MOVIELAKE_ENGINE:-none}: $*" ;; esac
`
  await writeFile(path.join(folder, 'docker'), docker, { mode: 0o755 })
  const options = { env: { PATH: folder, ...env }, encoding: 'utf8' } as const
  const { stdout } = spawnSync(process.execPath, ['scripts/docker-up.js', ...args], options)
  expect(stdout.replace('compose ', '').replace(/(--env-file|-f) \S+ /g, '')).toBe(`${said}\n`)
})

it('the image is of this version, and copies what is there', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(dockerfile).toContain(`org.opencontainers.image.version="${version}"`)
  const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm), ([, files = '']) => files.split(' '))
  expect(copied.flat().filter((file) => !existsSync(file))).toEqual([])
})

it('the files images are made from are named one by one, are there, and are never those with a key', () => {
  const [, all, ...lines] = readFileSync('.dockerignore', 'utf8').trim().split('\n')
  expect([all, lines.at(-1)]).toEqual(['*', '**/.env*'])
  const named = lines.slice(0, -1).map((line) => line.replace(/^!/, ''))
  expect(named.filter((name) => /\*/.test(name) || !existsSync(name))).toEqual([])
  const folders = named.filter((name) => statSync(name).isDirectory())
  expect(folders).toEqual(['.ci', 'bench', 'docs', 'scripts', 'src', 'test'])
})

it('the config file of containers is one that is allowed', () => {
  const { config } = openConfig({ file: path.resolve('deploy/movielake.yaml'), cwd: '/', env: {} })
  expect(config.ingest).toMatchObject({ sources: ['list', 'popular'], pages: 21 })
})

it('docs/docker.md names the settings that are not taken from the config file', () => {
  const [text = ''] = /settings are not taken from it:.*$/m.exec(readFileSync('docs/docker.md', 'utf8')) ?? []
  const named = Array.from(text.matchAll(/`(\w+\.\w+|engine)`/g), ([, key]) => key)
  const variables = Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment))
  const set = [...variables, ...dockerfile.split(/[\s=]/)].filter((variable) => variable.startsWith('MOVIELAKE__'))
  const keys = set.map((variable) => variable.toLowerCase().split('__').slice(1).join('.'))
  expect(named.toSorted()).toEqual([...new Set(keys)].toSorted())
})

it('the suite in containers compares them with what was built at its start', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(scripts['test:docker']).toMatch(/^npm run --silent build && /)
})

it('containers ask for the movies npm start asks for', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(scripts.start).toContain('--source list,popular --pages 21')
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const project = fileURLToPath(new URL('../../..', import.meta.url))

/** The image under test, the one with its test suite, the one of Spark, and the one docker:up builds; other names than a user's own. */
export const images = {
  movielake: 'movielake-check',
  tests: 'movielake-check-tests',
  spark: 'movielake-check-spark',
  up: 'movielake-check-up',
}

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** How a program is started. */
export interface Start {
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
  /** Told of all it writes, as it comes. */
  readonly onText?: (text: string) => void
}

/** Runs a program to its end, which is a bad one after `timeoutMs`, a minute by default. */
export async function run(program: string, args: readonly string[], start: Start = {}): Promise<Ended> {
  const { timeoutMs = 180_000, env, onText } = start
  const child = spawn(program, args, {
    cwd: project,
    env: { ...process.env, MOVIELAKE_IMAGE: images.movielake, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr, isLate] = ['', '', false]
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, timeoutMs)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onText?.(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onText?.(text)
  })
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  if (isLate) stderr += `\n${program} ${args.join(' ')}: was not done after ${timeoutMs / 1000} s`
  return { code: code ?? 124, stdout, stderr }
}

/** What a program writes on standard output; throws what it says when it ends otherwise than well. */
export async function output(program: string, args: readonly string[], start?: Start): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, start)
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
}

/** What `docker` writes. */
export const docker = (args: readonly string[], start?: Start): Promise<string> => output('docker', args, start)

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A container as `docker inspect` tells of it. */
export interface Container {
  readonly Id: string
  readonly Created: string
  readonly State: {
    readonly Status: 'created' | 'running' | 'exited'
    readonly ExitCode: number
    readonly StartedAt: string
    readonly FinishedAt: string
    readonly Health?: { readonly Status: string }
  }
  readonly Config: { readonly Env: readonly string[] }
  readonly Mounts: readonly { readonly Source: string }[]
  readonly HostConfig: { readonly ReadonlyRootfs: boolean }
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> }
}

/** deploy/compose.yaml under a name of its own, so that nobody's containers and volumes are touched. */
export class Compose {
  readonly #name: string
  readonly #env: Readonly<Record<string, string>>
  readonly #files: readonly string[]

  constructor(name: string, env: Readonly<Record<string, string>> = {}, files: readonly string[] = []) {
    this.#name = `movielake-check-${name}`
    this.#env = env
    this.#files = [path.join(project, 'deploy/compose.yaml'), ...files]
  }

  /** Runs a command of compose, however it ends. */
  run(args: readonly string[], { env, ...start }: Start = {}): Promise<Ended> {
    const files = this.#files.flatMap((file) => ['-f', file])
    const options = { ...start, env: { ...this.#env, ...env } }
    return run('docker', ['compose', '-p', this.#name, ...files, ...args], options)
  }

  /** What a command of movielake writes in a container of its own. */
  async movielake(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(['run', '--rm', '-T', '--no-deps', 'movielake', ...args])
    if (code === 0) return stdout
    throw new Error(`movielake ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
  }

  /** How many rows a table has. */
  async count(table: string): Promise<number> {
    const [row] = JSON.parse(await this.movielake('query', '--json', `select count(*) as n from ${table}`))
    return row.n
  }

  /** The container of a service; undefined when it was not made yet. */
  async find(service: string): Promise<Container | undefined> {
    const id = (await this.run(['ps', '--all', '--quiet', service])).stdout.trim()
    if (id === '') return undefined
    const [found] = JSON.parse(await docker(['inspect', id])) as Container[]
    return found
  }

  /** The container of a service that has one. */
  async container(service: string): Promise<Container> {
    const found = await this.find(service)
    if (found === undefined) throw new Error(`there is no container of ${service}`)
    return found
  }

  /** What all services, or one, have written so far. */
  async logs(...services: readonly string[]): Promise<string> {
    const { stdout, stderr } = await this.run(['logs', '--no-color', '--no-log-prefix', ...services])
    return stdout + stderr
  }

  /** Waits until a service has written what matches; answers its container. */
  async waitForText(service: string, wanted: RegExp, timeoutMs = 180_000): Promise<string> {
    const untilMs = Date.now() + timeoutMs
    for (let id: string | undefined; Date.now() < untilMs; await pause(50)) {
      id ??= (await this.find(service))?.Id
      if (id === undefined) continue
      const { stdout, stderr } = await run('docker', ['logs', id])
      if (wanted.test(stdout + stderr)) return id
    }
    throw new Error(`${service} has not written ${wanted} within ${timeoutMs / 1000} s`)
  }

  /** Containers, networks and volumes are gone afterwards. */
  async down(): Promise<void> {
    await this.run(['down', '--volumes', '--timeout', '5', '--remove-orphans'])
  }
}

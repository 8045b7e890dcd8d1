import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { docker, images, run } from './docker.ts'

interface Image {
  readonly Size: number
  readonly Config: {
    readonly User: string
    readonly Env: readonly string[]
    readonly Labels: Readonly<Record<string, string>>
    readonly Healthcheck: { readonly Test: readonly string[] }
  }
}

const inspect = async (image: string): Promise<Image> =>
  (JSON.parse(await docker(['image', 'inspect', image])) as [Image])[0]
const inside = (script: string): Promise<string> =>
  docker(['run', '--rm', '--network', 'none', '--entrypoint', 'sh', images.movielake, '-c', script])
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

describe('the image', () => {
  it('adds less than 105 MB to its base, most of it DuckDB', async () => {
    const [own, base] = [await inspect(images.movielake), await inspect(process.env['NODE_IMAGE'] ?? '')]
    const parts = [
      'node_modules/@duckdb',
      'node_modules/@expo-google-fonts',
      'node_modules/@fontsource',
      'node_modules',
      'dist',
    ]
    // what has been counted is left out of the next: the last but one are all other packages
    const sizes = await inside(`cd /app && du -s --apparent-size --block-size=1 ${parts.join(' ')}`)
    const taken = Array.from(
      sizes.matchAll(/^(\d+)\s+(.*)$/gm),
      ([, size, part]) => `${part === 'node_modules' ? 'other packages' : part} ${megabytes(Number(size))}`,
    )
    console.log(`image: ${megabytes(own.Size)}, of it the base ${megabytes(base.Size)}; ${taken.join(', ')}`)
    expect(own.Size - base.Size).toBeLessThan(105e6)
  })

  it('runs as a user without rights, and says what it is', async () => {
    const { Config } = await inspect(images.movielake)
    expect(Config.User).toBe('node')
    expect(Config.Healthcheck.Test.slice(0, 2)).toEqual(['CMD', 'node'])
    const { version, license } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(Config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'movielake',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': license,
    })
  })

  it('has what runs, and nothing of how it was made', async () => {
    const found = await inside(
      `cd /app && ls && find . -name '*.map' -o -name '*.ts' -o -name '*musl*' -o -name typescript -o -name vitest -o -name vite`,
    )
    expect(found.trim().split('\n')).toEqual(['LICENSE', 'dist', 'node_modules', 'package.json'])
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    const installed = (await inside('cd /app/node_modules && ls -d * @*/*')).split('\n')
    expect(Object.keys(devDependencies).filter((name) => installed.includes(name))).toEqual([])
  })

  it('loads every module it needs', async () => {
    const { stdout } = await run('docker', ['run', '--rm', '--network', 'none', images.movielake, 'doctor', '--json'])
    const { checks } = JSON.parse(stdout) as { checks: { check: string; status: string }[] }
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
    expect(await inside('movielake --version')).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`)
  })
})

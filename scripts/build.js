// compiles src/ to dist/ and copies the files that are not code
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const typescript = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
rmSync(`${root}dist`, { recursive: true, force: true })
execFileSync(process.execPath, [typescript, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit' })
const assets = 'sources/tmdb/demo/catalogue'
if (existsSync(`${root}src/${assets}`)) cpSync(`${root}src/${assets}`, `${root}dist/${assets}`, { recursive: true })
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755)

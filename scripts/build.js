// compiles src/ to dist/, builds what browsers load and copies the files that are not code
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const typescript = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
rmSync(`${root}dist`, { recursive: true, force: true })
execFileSync(process.execPath, [typescript, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit' })
await build({
  configFile: false,
  root: `${root}src/dashboard/client`,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: `${root}dist/dashboard/client`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  logLevel: 'warn',
})
const assets = 'sources/tmdb/demo/catalogue'
if (existsSync(`${root}src/${assets}`)) cpSync(`${root}src/${assets}`, `${root}dist/${assets}`, { recursive: true })
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755)

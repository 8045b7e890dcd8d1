// compiles src/ to dist/, builds what browsers load and copies the files that are not code
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const typescript = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
removeStale()
const compiler = spawn(process.execPath, [typescript, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit' })
const compiled = once(compiler, 'exit')
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
  // it warns of nothing but how long its own parts took
  logLevel: 'error',
})
const [code] = await compiled
if (code !== 0) process.exit(code ?? 1)
const assets = 'sources/tmdb/demo/catalogue'
rmSync(`${root}dist/${assets}`, { recursive: true, force: true })
if (existsSync(`${root}src/${assets}`)) cpSync(`${root}src/${assets}`, `${root}dist/${assets}`, { recursive: true })
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755)

/** Removes what was compiled from files that are no more: the compiler writes only what has changed since the last build. */
function removeStale() {
  if (!existsSync(`${root}dist`)) return
  for (const name of readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' })) {
    const source = name.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts')
    if (source !== name && !existsSync(`${root}src/${source}`)) rmSync(`${root}dist/${name}`)
  }
}

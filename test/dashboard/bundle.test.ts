import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const folder = 'dist/dashboard/client/assets'
const mostBytes = 130_000

const files = readdirSync(folder).filter((file) => /\.(js|css)$/.test(file))

it(`a browser loads at most ${mostBytes / 1000} KB of script and style, compressed`, () => {
  const bytes = files.map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostBytes)
})

it('what a browser loads asks no other host', () => {
  const html = readFileSync('dist/dashboard/client/index.html', 'utf8')
  const styles = files.filter((file) => file.endsWith('.css')).map((file) => readFileSync(join(folder, file), 'utf8'))
  expect([html, ...styles].filter((text) => /https?:|@import/.test(text))).toEqual([])
})

it('what the charts ask the lake stays on the server', () => {
  const scripts = files.filter((file) => file.endsWith('.js')).map((file) => readFileSync(join(folder, file), 'utf8'))
  expect(scripts.filter((text) => /explode|unionByName|PERCENTILE|quantile_cont/.test(text))).toEqual([])
})

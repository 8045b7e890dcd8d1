import { stripVTControlCharacters } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { openJsonReporter, openTextReporter, type Reporter } from '../../src/cli/reporter.ts'
import { openTerminal } from '../../src/cli/terminal.ts'
import type { LakeEvent } from '../../src/pipeline/events.ts'
import { memory } from './call.ts'

const at = (second: number): string => new Date(Date.UTC(2025, 11, 9, 10, 45, second)).toISOString()

const run: readonly LakeEvent[] = [
  { type: 'run.started', at: at(0), run_id: 'r1', command: 'run' },
  { type: 'step.started', at: at(0), step: 'ingest', total: 1000, unit: 'movies' },
  { type: 'step.progress', at: at(5), step: 'ingest', done: 100 },
  { type: 'step.progress', at: at(12), step: 'ingest', done: 250 },
  { type: 'warning', at: at(13), message: 'slow', hint: 'wait' },
  { type: 'step.ended', at: at(20), step: 'ingest', status: 'ok', rows: 1000, duration_ms: 20_000, note: '2 refused' },
  { type: 'step.ended', at: at(21), step: 'silver', status: 'unchanged', rows: 0, duration_ms: 4 },
  { type: 'run.ended', at: at(21), run_id: 'r1', status: 'ok', duration_ms: 21_000 },
]

function tell(reporter: Reporter, events: readonly LakeEvent[] = run): void {
  onTestFinished(() => reporter.close())
  for (const event of events) reporter.on(event)
}

it('writes plain lines into a pipe, progress every ten seconds', () => {
  const out = memory()
  tell(openTextReporter(openTerminal(out, {}), 'info', () => 0))
  expect(out.text.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '10:45:00 movielake run r1',
    '10:45:12 ingest: 250/1,000 movies · 21/s · 36.0 s left',
    '10:45:13 warning: slow',
    '10:45:13 hint: wait',
    '10:45:20 ✓ ingest 1,000 rows 20.0 s 2 refused',
    '10:45:21 = silver unchanged 4 ms',
    '',
  ])
})

it('draws bars on a terminal and takes them away again', () => {
  const out = memory({ isTTY: true, columns: 60 })
  tell(openTextReporter(openTerminal(out, {}), 'info', () => Date.parse(at(12))))
  const drawn = out.text.split('\u001B[0J')
  expect(drawn.some((frame) => /ingest +█{5}░{15} 250\/1,000/.test(stripVTControlCharacters(frame)))).toBe(true)
  expect(drawn.at(-1)).not.toContain('█')
  expect(stripVTControlCharacters(out.text)).toMatch(/✓ ingest .* 1,000 rows/)
})

it.each([0, 1, 10, 39, 80])('never draws a line that wraps on a terminal of %i columns', (columns) => {
  const out = memory({ isTTY: true, columns })
  const reporter = openTextReporter(openTerminal(out, {}), 'info', () => Date.parse(at(12)))
  tell(reporter, run.slice(1, 4))
  const lines = stripVTControlCharacters(out.text).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns === 0 ? 80 : Math.max(columns, 1))
})

it('writes warnings and failures alone when it is quiet', () => {
  const out = memory()
  const failed: LakeEvent = { type: 'step.ended', at: at(30), step: 'gold', status: 'failed', rows: 0, duration_ms: 3 }
  tell(
    openTextReporter(openTerminal(out, {}), 'warn', () => 0),
    [...run, failed],
  )
  expect(out.text.split('\n').filter((line) => !/warning|hint|✗ gold/.test(line))).toEqual([''])
  expect(out.text).toContain('✗ gold')
})

it('writes events as JSON, one a line, progress at most once a second', () => {
  const out = memory({ isTTY: true })
  const burst = Array.from({ length: 50 }, (_, i): LakeEvent => ({
    type: 'step.progress',
    at: at(14),
    step: 'ingest',
    done: i,
  }))
  tell(openJsonReporter(openTerminal(out, {}), 'info'), [...run.slice(0, 4), ...burst, ...run.slice(4)])
  const told = out.text
    .trimEnd()
    .split('\n')
    .map((line): LakeEvent => JSON.parse(line))
  expect(told.filter(({ type }) => type !== 'step.progress')).toEqual(
    run.filter(({ type }) => type !== 'step.progress'),
  )
  expect(told.filter(({ type }) => type === 'step.progress')).toHaveLength(3)
})

it('uses ASCII where nothing else can be shown', () => {
  const out = memory()
  tell(openTextReporter(openTerminal(out, { LC_ALL: 'C' }), 'info', () => 0))
  expect(out.text).toContain('ok ingest')
  expect(out.text).not.toContain('✓')
})

import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { stopWith } from '../../src/pipeline/stop-with.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
})

function stoppable() {
  const stopping = new AbortController()
  let stops = 0
  const end = stopWith(stopping.signal, () => (stops += 1))
  onTestFinished(end)
  return { stopping, end, stopsIn: (ms: number) => (vi.advanceTimersByTime(ms), stops) }
}

it('leaves alone what no signal stops', () => {
  expect(stoppable().stopsIn(10_000)).toBe(0)
})

it('stops what there is once the signal has aborted, and again what begins after that', () => {
  const { stopping, stopsIn } = stoppable()
  stopping.abort()
  const first = stopsIn(500)
  expect(first).toBeGreaterThan(0)
  expect(stopsIn(500)).toBeGreaterThan(first)
})

it('stops nothing any more once it has ended', () => {
  const { stopping, end, stopsIn } = stoppable()
  stopping.abort()
  const stops = stopsIn(500)
  end()
  expect(stopsIn(10_000)).toBe(stops)
})

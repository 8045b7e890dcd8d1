import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { systemClock } from '../../../src/sources/tmdb/clock.ts'
import { openTmdb } from '../../../src/sources/tmdb/index.ts'
import { RateLimiter } from '../../../src/sources/tmdb/rate-limit.ts'
import { quickClock } from './quick-clock.ts'
import { startSample } from './sample.ts'

const never = new AbortController().signal
setMaxListeners(0, never)

it('never lets the server see more than the rate in any second, however many workers and however the process stalls', async () => {
  const server = await startSample()
  const tmdb = openTmdb({ baseUrl: server.url, credential: { bearer: 'sample' }, ratePerSecond: 40 })
  const asked = Array.from({ length: 120 }, () => tmdb.fetchMovie(0))
  await sleep(400)
  const until = performance.now() + 500
  while (performance.now() < until);
  await Promise.all(asked)
  expect(server.requests.maxPerSecond).toBeLessThanOrEqual(40)
  expect(server.requests.maxPerSecond).toBeGreaterThan(20)
})

it.each([1, 7, 35, 40])('grants %i a second at most, and nearly that many', async (rate) => {
  const clock = quickClock(0)
  const limiter = new RateLimiter(rate, clock)
  const grantedMs: number[] = []
  for (let n = 0; n < rate * 20; n++) {
    const release = await limiter.take(never)
    grantedMs.push(clock.steadyMs())
    release()
  }
  const perSecond = grantedMs.map((fromMs) => grantedMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1000).length)
  expect(Math.max(...perSecond)).toBeLessThanOrEqual(rate)
  expect(clock.steadyMs()).toBeGreaterThan(18_000)
  expect(clock.steadyMs()).toBeLessThan(21_500)
})

it('grants at most five at once after a pause', async () => {
  const clock = quickClock(0)
  const limiter = new RateLimiter(35, clock)
  limiter.pause(10_000)
  limiter.pause(5000)
  const grantedMs: number[] = []
  await Promise.all(Array.from({ length: 20 }, () => limiter.take(never).then(() => grantedMs.push(clock.steadyMs()))))
  expect(grantedMs[0]).toBe(10_000)
  expect(grantedMs.filter((atMs) => atMs === 10_000)).toHaveLength(5)
})

it('counts a request until a second after its end, as it may have arrived then', async () => {
  const limiter = new RateLimiter(40, systemClock)
  const releases = await Promise.all(Array.from({ length: 40 }, () => limiter.take(never)))
  const next = limiter.take(never).then(() => performance.now())
  await sleep(1100)
  const endedMs = performance.now()
  releases[0]?.()
  expect((await next) - endedMs).toBeGreaterThanOrEqual(999)
})

it('serves who came first first, and forgets who has left', async () => {
  const limiter = new RateLimiter(20, systemClock)
  const leave = new AbortController()
  const served: number[] = []
  const all = Array.from({ length: 10 }, (_, n) =>
    limiter.take(n === 7 ? leave.signal : never).then(
      () => served.push(n),
      () => served.push(-1),
    ),
  )
  leave.abort()
  await Promise.all(all)
  expect(served).toEqual([0, 1, 2, 3, 4, -1, 5, 6, 8, 9])
})

it('lets go of the clock when everybody has left', async () => {
  const limiter = new RateLimiter(1, systemClock)
  await limiter.take(never)
  limiter.pause(60_000)
  const leave = new AbortController()
  const waiting = limiter.take(leave.signal)
  leave.abort(new Error('left'))
  await expect(waiting).rejects.toThrow('left')
  await sleep(10)
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThan(5)
})

it('does not warn of many listeners with a hundred workers', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error): void => void warnings.push(warning)
  process.on('warning', listen)
  const server = await startSample({ misbehave: [{ trouble: { kind: 'slow', waitMs: 300 } }] })
  const stop = new AbortController()
  const tmdb = openTmdb({ baseUrl: server.url, credential: { bearer: 'sample' }, signal: stop.signal })
  await Promise.all(Array.from({ length: 40 }, () => tmdb.fetchMovie(0, stop.signal)))
  process.off('warning', listen)
  expect(warnings).toEqual([])
})

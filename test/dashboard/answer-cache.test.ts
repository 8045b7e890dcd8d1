import { setImmediate as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { AnswerCache } from '../../src/dashboard/answer-cache.ts'

// each answer weighs 2, so there is room for two
const cacheOfTwo = () => new AnswerCache<string>({ weigh: () => 1, most: 5 })
const staying = new AbortController().signal
const answerLater = () => {
  let tell: (text: string) => void = () => undefined
  const promise = new Promise<string>((resolve) => {
    tell = resolve
  })
  return { promise, tell: (text: string) => tell(text) }
}
const say = (text: string) => () => Promise.resolve(text)

it('knows what was asked for, until others were asked for later', async () => {
  const cache = cacheOfTwo()
  for (const key of ['a', 'b', 'a', 'c']) await cache.find(key, say(key), staying)
  expect(await cache.find('a', say('new'), staying)).toEqual({ answer: 'a', isKnown: true })
  expect(await cache.find('b', say('new'), staying)).toEqual({ answer: 'new', isKnown: false })
})

it('keeps answers after others were found for nobody', async () => {
  const cache = cacheOfTwo()
  for (const key of ['a', 'b', 'c']) {
    const leaving = new AbortController()
    const late = answerLater()
    const asked = cache.find(key, () => late.promise, leaving.signal)
    leaving.abort()
    late.tell('late')
    await asked
  }
  await cache.find('d', say('d'), staying)
  await cache.find('e', say('e'), staying)
  expect(await cache.find('d', say('new'), staying)).toEqual({ answer: 'd', isKnown: true })
})

it('lets everybody wait for the same answer, whatever is found meanwhile', async () => {
  const cache = cacheOfTwo()
  const slow = answerLater()
  const first = cache.find('slow', () => slow.promise, staying)
  for (const key of ['a', 'b', 'c', 'd']) await cache.find(key, say(key), staying)
  const second = cache.find('slow', say('found twice'), staying)
  await pause()
  slow.tell('slow')
  expect([await first, await second].map(({ answer }) => answer)).toEqual(['slow', 'slow'])
  expect(await cache.find('d', say('new'), staying)).toEqual({ answer: 'd', isKnown: true })
})

it('stops the work when the last who waits has gone', async () => {
  const cache = cacheOfTwo()
  const [one, two] = [new AbortController(), new AbortController()]
  let stop = staying
  const work = (signal: AbortSignal) => {
    stop = signal
    return new Promise<string>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')))
    })
  }
  const asked = [cache.find('a', work, one.signal), cache.find('a', work, two.signal)]
  one.abort()
  expect(stop.aborted).toBe(false)
  two.abort()
  expect(stop.aborted).toBe(true)
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

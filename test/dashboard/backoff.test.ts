import { expect, it } from 'vitest'
import { Backoff } from '../../src/dashboard/backoff.ts'

let nowMs = 0
const backoff = () => {
  nowMs = 0
  return new Backoff({ leastMs: 10, mostMs: 50, now: () => nowMs })
}

it('tries what fails ever more rarely, and never gives up', () => {
  const failing = backoff()
  const tried: number[] = []
  for (; nowMs <= 200; nowMs += 1)
    if (failing.isDue('a')) {
      tried.push(nowMs)
      failing.fail('a', new Error('full'))
    }
  expect(tried).toEqual([0, 10, 30, 70, 120, 170])
})

it('tries something else at once', () => {
  const failing = backoff()
  failing.fail('a', new Error('full'))
  expect([failing.isDue('a'), failing.isDue('b')]).toEqual([false, true])
})

it('tells a failure once, and another one', () => {
  const failing = backoff()
  const told = ['full', 'full', 'broken', 'broken'].map((message) => failing.fail('a', new Error(message)))
  expect(told).toEqual([true, false, true, false])
  expect(failing.fail('b', new Error('broken'))).toBe(true)
})

import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { concurrently } from '../../src/pipeline/concurrently.ts'

it('does all of it, never more than the limit at a time', async () => {
  const done: number[] = []
  let running = 0
  let most = 0
  await concurrently([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++running)
    await setImmediate()
    done.push(item)
    running--
  })
  expect(done).toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})

it('begins nothing after a failure, and throws when what is under way has ended', async () => {
  const ended: number[] = []
  const working = concurrently([1, 2, 3], 2, async (item) => {
    if (item === 1) throw new Error('broken')
    await setImmediate()
    ended.push(item)
  })
  await expect(working).rejects.toThrow('broken')
  expect(ended).toEqual([2])
})

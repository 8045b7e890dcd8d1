import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { StepProgress } from '../../src/pipeline/step-progress.ts'

function told(total?: number) {
  const said: (number | string)[] = []
  const size = total === undefined ? {} : { total }
  return { said, progress: new StepProgress(size, (done, note) => void said.push(note ?? done)) }
}

it('passes on the first count, the last, and few between', () => {
  const { said, progress } = told(1000)
  for (let done = 1; done <= 1000; done += 1) progress.tell(done)
  progress.end()
  expect([said[0], said.at(-1)]).toEqual([1, 1000])
  expect(said.length).toBeLessThan(20)
})

it('passes on what was held back when nothing follows', async () => {
  const { said, progress } = told()
  for (const done of [1, 2, 3]) progress.tell(done)
  expect(said).toEqual([1])
  await setTimeout(80)
  expect(said).toEqual([1, 3])
})

it('passes on every note, and nothing after the end', async () => {
  const { said, progress } = told(9)
  for (const note of ['a', 'b', 'c']) progress.tell(1, note)
  progress.tell(2)
  progress.end()
  progress.tell(9)
  progress.tell(3, 'd')
  await setTimeout(80)
  expect(said).toEqual(['a', 'b', 'c', 2])
})

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as frame from '../../src/frame/index.ts'

const page = readFileSync('docs/frames.md', 'utf8')
const isTold = (name: string): boolean => new RegExp(`[\`.]${name}\\b|\\b${name}\\(`).test(page)
const members = (of: object): readonly string[] =>
  Object.getOwnPropertyNames(of).filter((name) => name !== 'constructor')

it('tells of every function', () => {
  expect(Object.keys(frame).filter((name) => /^[a-z]/.test(name) && !isTold(name))).toEqual([])
})

it('tells of every step, action and method', () => {
  const names = [
    ...members(frame.Frame.prototype),
    ...members(frame.Column.prototype),
    ...members(frame.Grouped.prototype),
  ]
  expect(names.filter((name) => !isTold(name))).toEqual([])
})

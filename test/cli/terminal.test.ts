import { expect, it } from 'vitest'
import { openTerminal } from '../../src/cli/terminal.ts'
import { memory } from './call.ts'

const isColoured = (env: Readonly<Record<string, string>>, isTTY: boolean, isColourless = false): boolean =>
  openTerminal(memory({ isTTY }), env, isColourless).styled('red', 'x') !== 'x'

it('is coloured on a terminal and nowhere else', () => {
  expect(isColoured({}, true)).toBe(true)
  expect(isColoured({}, false)).toBe(false)
  expect(isColoured({ TERM: 'dumb' }, true)).toBe(false)
})

it('obeys NO_COLOR, FORCE_COLOR and --no-color', () => {
  expect(isColoured({ NO_COLOR: '1' }, true)).toBe(false)
  expect(isColoured({ NO_COLOR: '' }, true)).toBe(true)
  expect(isColoured({ FORCE_COLOR: '1' }, false)).toBe(true)
  expect(isColoured({ FORCE_COLOR: '0' }, true)).toBe(false)
  expect(isColoured({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false)
  expect(isColoured({ FORCE_COLOR: '1' }, true, true)).toBe(false)
})

it('is not live in continuous integration', () => {
  expect(openTerminal(memory({ isTTY: true }), { CI: 'true' }).isLive).toBe(false)
})

it('takes 80 columns where nobody knows', () => {
  expect(openTerminal(memory({ columns: 0 }), {}).columns()).toBe(80)
  expect(openTerminal(memory(), {}).columns()).toBe(80)
  expect(openTerminal(memory({ columns: 132 }), {}).columns()).toBe(132)
})

import { expect, it } from 'vitest'
import { parseNote, renderNote, tellsWatermarks } from '../../src/engines/commit-note.ts'

it('is read as it was written', () => {
  const note = { runId: '20251209T104530Z-1a2b3c', watermarks: { 'bronze.movies': 4 } }
  expect(parseNote(renderNote(note))).toEqual(note)
  expect(parseNote(renderNote({ runId: note.runId }))).toEqual({ runId: note.runId })
})

it.each([undefined, null, '', 'nightly load', '"text"', '[1]', '{"watermarks":{"bronze.movies":"four"}}'])(
  'of somebody else, %j, says nothing',
  (userMetadata) => {
    expect(parseNote(userMetadata)).toEqual({})
  },
)

it.each([
  [{ runId: 'run-1', watermarks: {}, operation: 'OPTIMIZE' }, true],
  [{ runId: 'run-1', operation: 'WRITE' }, true],
  [{ runId: 'run-1', operation: 'OPTIMIZE' }, false],
  [{ runId: 'run-1', operation: 'VACUUM END' }, false],
  [{ operation: 'WRITE' }, false],
])('of %j tells what was taken in: %s', (commit, expected) => {
  expect(tellsWatermarks(commit)).toBe(expected)
})

import { expect, it } from 'vitest'
import { parseNote, renderNote } from '../../src/engines/commit-note.ts'

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

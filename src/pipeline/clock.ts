import { randomBytes } from 'node:crypto'

/** Tells the time; an argument wherever time matters, so that tests can choose it. */
export type Clock = () => Date

/** The instant as tables hold it: ISO in UTC with six digits. */
export const timestampOf = (at: Date): string => at.toISOString().replace('Z', '000Z')

/** A name for a run that sorts by time: `20261122T104530Z-3f9a1c`. */
export const newRunId = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomBytes(3).toString('hex')}`

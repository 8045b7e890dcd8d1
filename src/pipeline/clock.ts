import { randomBytes } from 'node:crypto'

/** Tells the time; an argument wherever time matters, so that tests can choose it. */
export type Clock = () => Date

/** The instant as tables hold it: ISO in UTC with six digits. */
export const timestampOf = (at: Date): string => at.toISOString().replace('Z', '000Z')

/** A name for a run that sorts by time, to the millisecond: `20261122T104530Z-3f9a1c`. */
export function newRunId(at: Date): string {
  const second = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const millisecond = at.getUTCMilliseconds().toString(16).padStart(3, '0')
  return `${second}Z-${millisecond}${randomBytes(2).toString('hex').slice(0, 3)}`
}

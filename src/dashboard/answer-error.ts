import { InputError, LakeError, StoppedError } from '../errors.ts'
import type { ErrorAnswer } from './api-types.ts'

/** There is nothing at that address. */
export class NotFoundError extends LakeError {
  override readonly exitCode = 1
}

/** More is asked at once than can be answered: ask again a little later. */
export class BusyError extends LakeError {
  override readonly exitCode = 1

  constructor() {
    super('too many questions at once', { hint: 'ask again in a second' })
  }
}

/** The answer was not found in the time there is for it. */
export class TimeError extends LakeError {
  override readonly exitCode = 1

  constructor(seconds: number) {
    super(`no answer within ${seconds} seconds`, { hint: 'filter for fewer films' })
  }
}

/** The statuses an error is answered with. */
export type ErrorStatus = 400 | 404 | 499 | 500 | 503

/** How an error is told to a browser. SQL, paths and stacks stay here. */
export function errorAnswer(error: unknown): { readonly status: ErrorStatus; readonly body: ErrorAnswer } {
  const status = statusOf(error)
  if (!(error instanceof LakeError) || status === 500)
    return { status, body: told('this could not be answered', 'the terminal of movielake serve says more') }
  return { status, body: told(error.message, error.hint ?? null) }
}

/** The body of an answer that says what is wrong. */
export const told = (message: string, hint: string | null): ErrorAnswer => ({ error: { message, hint } })

function statusOf(error: unknown): ErrorStatus {
  if (error instanceof InputError) return 400
  if (error instanceof NotFoundError) return 404
  if (error instanceof BusyError || error instanceof TimeError) return 503
  // nobody reads it any more; nginx calls it so
  if (error instanceof StoppedError) return 499
  return 500
}

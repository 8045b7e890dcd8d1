/** Why there is no answer, in words for the reader. */
export interface Fault {
  readonly message: string
  readonly hint: string | undefined
}

/** The answer did not come, or was an error. */
export class AnswerError extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/** The JSON at `address`. Throws AnswerError with what the server said, or that it could not be reached; an AbortError passes. */
export async function fetchJson(address: string, signal: AbortSignal): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(address, { signal, headers: { accept: 'application/json' } })
  } catch (error) {
    if (signal.aborted) throw error
    throw new AnswerError({ message: 'the server does not answer', hint: 'is movielake serve still running?' })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body
  throw new AnswerError(faultOf(body) ?? { message: `the server answered ${response.status}`, hint: undefined })
}

function faultOf(body: unknown): Fault | undefined {
  if (!isRecord(body) || !isRecord(body['error'])) return undefined
  const { message, hint } = body['error']
  return typeof message === 'string' ? { message, hint: typeof hint === 'string' ? hint : undefined } : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

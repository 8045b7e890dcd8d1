import { useEffect, useState } from 'preact/hooks'
import type { Address } from './api.ts'
import { askInTurn } from './ask-queue.ts'
import { AnswerError, type Fault, fetchJson } from './fetch-json.ts'
import { usePublication } from './publication.tsx'

/** What is known of an answer: while a newer one is on its way, the one before stays. */
export interface Answer<T> {
  readonly value: T | undefined
  readonly fault: Fault | undefined
  readonly isLoading: boolean
  /** Asks once more. */
  readonly retry: () => void
}

interface Known<T> {
  readonly value: T | undefined
  readonly fault: Fault | undefined
  /** What was asked for the value or fault. */
  readonly asked: string | undefined
}

/** When an answer is asked for. */
export interface Asking {
  /** Where it is shown: those on the screen are asked for first. Without it, it is asked for at once. */
  readonly box?: { readonly current: Element | null }
  /** Asks anew when it changes. */
  readonly again?: number
}

/**
 * The answer at `address`; nothing is asked while that is undefined. Another address, a publication or a retry aborts what was asked before, so that an
 * older answer never replaces a newer one.
 */
export function useAnswer<T>(address: Address<T> | undefined, { box, again = 0 }: Asking = {}): Answer<T> {
  const { generation } = usePublication()
  const [attempt, setAttempt] = useState(0)
  const [known, setKnown] = useState<Known<T>>({ value: undefined, fault: undefined, asked: undefined })
  const asking = address === undefined ? undefined : `${address} ${generation} ${attempt} ${again}`
  useEffect(() => {
    if (address === undefined) return
    const abort = new AbortController()
    const ask = (): Promise<void> =>
      fetchJson(address, abort.signal).then(
        (body) => {
          // what the API sends is what its types say: server and client are built together
          if (!abort.signal.aborted) setKnown({ value: body as T, fault: undefined, asked: asking })
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setKnown({ value: undefined, fault: faultOf(error), asked: asking })
        },
      )
    const leave = box?.current ? askInTurn(box.current, ask) : void ask()
    return () => {
      leave?.()
      abort.abort()
    }
  }, [asking])
  return {
    value: known.value,
    fault: known.fault,
    isLoading: known.asked !== asking,
    retry: () => setAttempt(attempt + 1),
  }
}

function faultOf(error: unknown): Fault {
  return error instanceof AnswerError ? error.fault : { message: String(error), hint: undefined }
}

/** What came of one HTTP request. */
export type Attempt =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: Headers
      readonly body: string
      /** False when the connection broke before the end of the body. */
      readonly isWhole: boolean
    }
  | { readonly kind: 'failed'; readonly reason: 'timeout' | 'network' | 'body_too_large'; readonly message: string }

/** Limits of one HTTP request. */
export interface AttemptLimits {
  readonly headers: Readonly<Record<string, string>>
  /** From sending to the last byte of the body. */
  readonly timeoutMs: number
  /** Counted after decompression. */
  readonly maxBodyBytes: number
  readonly signal: AbortSignal
}

/**
 * What `url` answered, or why it did not; redirects are answers. Messages do not name the URL. Rejects with the signal's reason
 * when it aborts.
 */
export async function fetchOnce(url: string, limits: AttemptLimits): Promise<Attempt> {
  limits.signal.throwIfAborted()
  const controller = new AbortController()
  let isTimeout = false
  const timer = setTimeout(() => {
    isTimeout = true
    controller.abort()
  }, limits.timeoutMs)
  const onAbort = (): void => controller.abort()
  limits.signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await fetchAnswer(url, limits, controller)
  } catch (error) {
    limits.signal.throwIfAborted()
    if (isTimeout) return { kind: 'failed', reason: 'timeout', message: `no answer within ${limits.timeoutMs} ms` }
    return { kind: 'failed', reason: 'network', message: networkMessage(error) }
  } finally {
    clearTimeout(timer)
    limits.signal.removeEventListener('abort', onAbort)
  }
}

async function fetchAnswer(url: string, limits: AttemptLimits, controller: AbortController): Promise<Attempt> {
  const { headers, maxBodyBytes } = limits
  const response = await fetch(url, { headers, signal: controller.signal, redirect: 'manual' })
  const read = await readBody(response, maxBodyBytes, controller.signal)
  if (read === 'too_large') {
    controller.abort()
    return { kind: 'failed', reason: 'body_too_large', message: `body of more than ${maxBodyBytes} bytes` }
  }
  return { kind: 'answered', status: response.status, headers: response.headers, ...read }
}

async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ body: string; isWhole: boolean } | 'too_large'> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let body = ''
  let sizeBytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > maxBytes) return 'too_large'
      body += decoder.decode(chunk, { stream: true })
    }
  } catch (error) {
    if (signal.aborted) throw error
    // the connection broke: what came of the body is kept
    return { body: body + decoder.decode(), isWhole: false }
  }
  return { body: body + decoder.decode(), isWhole: true }
}

// fetch says only `fetch failed`; the reason is its cause
function networkMessage(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return 'connection failed'
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  return [code, cause.message].filter((part) => part !== '').join(' ')
}

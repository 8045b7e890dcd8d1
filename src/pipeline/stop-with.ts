/** Calls `stop` once the signal has aborted, and again for what is begun after that, until the function it answers is called. */
export function stopWith(signal: AbortSignal, stop: () => void): () => void {
  const timer = setInterval(() => {
    if (signal.aborted) stop()
  }, 200).unref()
  return () => clearInterval(timer)
}

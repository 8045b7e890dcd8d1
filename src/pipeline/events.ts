/** What a run says while it works, in order. Whoever listens decides what to show; nothing here is printed. */
export type LakeEvent =
  | {
      readonly type: 'run.started'
      readonly at: string
      readonly run_id: string
      readonly command: string
      /** Set when the answers come from the sample server and not from TMDB. */
      readonly sample?: { readonly url: string }
      /** Set when a run that was cut off is taken up again. */
      readonly is_resumed?: boolean
    }
  | {
      readonly type: 'step.started'
      readonly at: string
      readonly step: string
      readonly total?: number
      readonly unit?: string
    }
  | {
      readonly type: 'step.progress'
      readonly at: string
      readonly step: string
      readonly done: number
      readonly total?: number
      readonly note?: string
    }
  | {
      readonly type: 'step.ended'
      readonly at: string
      readonly step: string
      readonly status: 'ok' | 'unchanged' | 'failed' | 'stopped'
      readonly rows: number
      readonly duration_ms: number
      readonly note?: string
    }
  | { readonly type: 'warning'; readonly at: string; readonly message: string; readonly hint?: string }
  | {
      readonly type: 'run.ended'
      readonly at: string
      readonly run_id: string
      readonly status: RunStatus
      readonly duration_ms: number
    }

/** How a run ended; `unchanged` found nothing new. A run that is `running` without a living process was cut off. */
export type RunStatus = 'running' | 'ok' | 'unchanged' | 'failed' | 'stopped'

/** Takes what a run says. One that throws is not called again; the run goes on and warns the others. */
export type Listener = (event: LakeEvent) => void

/** Those who listen to a lake. What one of them does wrong never reaches the run. */
export class Listeners {
  readonly #listeners = new Set<Listener>()

  /** Calls `listener` from now on, until the function it answers is called. */
  add(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Tells all of them. Answers the warnings about those that threw: they have been told to the others. */
  tell(event: LakeEvent): readonly LakeEvent[] {
    const warnings: LakeEvent[] = []
    for (const listener of this.#listeners) {
      try {
        const answer: unknown = listener(event)
        // a listener may be async: its rejection must not end the process
        if (answer instanceof Promise) answer.catch(() => this.#listeners.delete(listener))
      } catch (cause) {
        this.#listeners.delete(listener)
        const message = `a listener threw and is not told any more: ${cause instanceof Error ? cause.message : String(cause)}`
        warnings.push({ type: 'warning', at: event.at, message })
      }
    }
    return warnings.flatMap((warning) => [warning, ...this.tell(warning)])
  }
}

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

/** Takes what a run says. It must not throw. */
export type Listener = (event: LakeEvent) => void

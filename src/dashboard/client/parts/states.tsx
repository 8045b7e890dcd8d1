import type { Answer } from '../state/use-answer.ts'
import type { Fault } from '../state/fetch-json.ts'

/** What went wrong, what helps, and a button that tries again. */
export function FaultMessage({ fault, retry }: { readonly fault: Fault; readonly retry: () => void }) {
  return (
    <div class="state" role="alert">
      <p class="state-title">This could not be loaded</p>
      <p>
        {fault.message}
        {fault.hint !== undefined && <span class="state-hint">{fault.hint}</span>}
      </p>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}

/** Nothing to show, why, and a way out where there is one. */
export function EmptyMessage({ why, clear }: { readonly why: string; readonly clear?: (() => void) | undefined }) {
  return (
    <div class="state">
      <p>{why}</p>
      {clear !== undefined && (
        <button type="button" class="button" onClick={clear}>
          Clear all filters
        </button>
      )}
    </div>
  )
}

/** Grey bars where something will be. */
export function Skeleton({ lines = 5 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  )
}

/** What an answer holds: bars while the first is awaited, the fault, or what `children` makes of the value, dimmed while a newer one is awaited. */
export function Loaded<T>({
  answer,
  children,
}: {
  readonly answer: Answer<T>
  readonly children: (value: T) => preact.ComponentChildren
}) {
  if (answer.fault !== undefined && !answer.isLoading) return <FaultMessage fault={answer.fault} retry={answer.retry} />
  if (answer.value === undefined) return <Skeleton />
  return (
    <div class={answer.isLoading ? 'is-stale' : ''} aria-busy={answer.isLoading}>
      {children(answer.value)}
    </div>
  )
}

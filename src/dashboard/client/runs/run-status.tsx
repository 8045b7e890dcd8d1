const signs: Readonly<Record<string, string>> = { ok: '✓', unchanged: '=', failed: '✗', stopped: '■', running: '…' }

/** How a run or a step ended, as a sign and a word. */
export function RunStatus({
  status,
  isPublished = false,
}: {
  readonly status: string
  readonly isPublished?: boolean
}) {
  return (
    <span class="nowrap">
      <span class={`status status-${status}`}>
        <span aria-hidden="true">{signs[status] ?? ''}</span> {status}
      </span>
      {isPublished && <span class="badge">published</span>}
    </span>
  )
}

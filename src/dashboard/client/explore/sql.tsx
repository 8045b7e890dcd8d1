import { useEffect, useState } from 'preact/hooks'
import type { Asked } from '../../api-types.ts'

/** The SQL behind a panel, with the values of its parameters, to read and to copy. */
export function Sql({ asked, label }: { readonly asked: Asked; readonly label: string }) {
  const { sql, parameters, took_ms } = asked
  const values = parameters.map((value, at) => `$${at + 1} = ${JSON.stringify(value)}`)
  return (
    <div class="sql">
      <pre tabIndex={0} role="region" aria-label={`SQL of ${label}`}>
        <code>{sql}</code>
      </pre>
      <p class="sql-note">
        <CopyButton text={sql} />
        {values.length > 0 && <code>{values.join(', ')}</code>}
        <span>{took_ms === 0 ? 'known from before' : `took ${Math.round(took_ms)} ms`}</span>
      </p>
    </div>
  )
}

function CopyButton({ text }: { readonly text: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready')
  useEffect(() => setState('ready'), [text])
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  const labels = { ready: 'Copy SQL', copied: 'Copied', refused: 'The browser does not let copy' }
  return (
    <button type="button" class="tool" onClick={copy} aria-live="polite">
      {labels[state]}
    </button>
  )
}

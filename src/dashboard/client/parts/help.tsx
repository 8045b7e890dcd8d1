import { useEffect, useRef } from 'preact/hooks'

const keys = [
  ['/', 'search'],
  ['?', 'this help'],
  ['Esc', 'close what is open, or empty the search'],
  ['Tab', 'to the next control; a chart is one stop'],
  ['← → Home End', 'from mark to mark inside a chart'],
  ['Enter', 'filter by the mark, and once more to undo'],
  ['↑ ↓ Enter', 'choose among what the search found'],
  ['Alt ←', 'back, with the filters as they were'],
] as const

/** The keys, in a dialog that Esc closes. */
export function Help({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>A click on any mark of a chart filters everything. The address holds all of it: send it, or go Back.</p>
      <button type="button" class="button" onClick={close}>
        Close
      </button>
    </dialog>
  )
}

import { useEffect, useState } from 'preact/hooks'

/** Where the reader is: the address without its origin. */
export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

const moved = 'movielake:moved'

/** Where the reader is now. */
export function readPlace(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

/** The reader is at `address`; Back leads to where they were, unless `replace` is set. */
export function go(address: string, options: { readonly replace?: boolean } = {}): void {
  if (address === location.pathname + location.search) return
  if (options.replace === true) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  dispatchEvent(new Event(moved))
}

/** The first screen is shown, with the query changed from what the address has now: a click after a click never undoes the one before. */
export function explore(change: (query: URLSearchParams) => URLSearchParams): void {
  const query = change(readPlace().query).toString()
  go(query === '' ? '/' : `/?${query}`)
}

/** Where the reader is; the component is drawn again when that changes, by Back and Forward too. */
export function usePlace(): Place {
  const [place, setPlace] = useState(readPlace)
  useEffect(() => {
    const update = (): void => setPlace(readPlace())
    addEventListener('popstate', update)
    addEventListener(moved, update)
    return () => {
      removeEventListener('popstate', update)
      removeEventListener(moved, update)
    }
  }, [])
  return place
}

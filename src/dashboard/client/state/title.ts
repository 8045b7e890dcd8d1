import { useEffect } from 'preact/hooks'

/** The window is named so while the component is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · movielake`
  }, [title])
}

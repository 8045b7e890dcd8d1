import { useEffect, useState } from 'preact/hooks'

/** Light or dark. */
export type Theme = 'light' | 'dark'

const key = 'movielake-theme'
const darkness = matchMedia('(prefers-color-scheme: dark)')

/** The theme in use and a function that changes to the other and remembers it. Until then the system's wish holds. */
export function useTheme(): readonly [Theme, () => void] {
  const [chosen, choose] = useState(readChosen)
  const [isSystemDark, setSystemDark] = useState(darkness.matches)
  useEffect(() => {
    const update = (): void => setSystemDark(darkness.matches)
    darkness.addEventListener('change', update)
    return () => darkness.removeEventListener('change', update)
  }, [])
  const theme = chosen ?? (isSystemDark ? 'dark' : 'light')
  return [
    theme,
    () => {
      const other = theme === 'dark' ? 'light' : 'dark'
      rememberTheme(other)
      choose(other)
    },
  ]
}

/** The page has the colours of the theme that was chosen before, if any. */
export function applyTheme(theme: Theme | undefined = readChosen()): void {
  if (theme !== undefined) document.documentElement.dataset['theme'] = theme
}

function readChosen(): Theme | undefined {
  try {
    const stored = localStorage.getItem(key)
    return stored === 'light' || stored === 'dark' ? stored : undefined
  } catch {
    // a browser that forbids storage: the system's wish holds
    return undefined
  }
}

function rememberTheme(theme: Theme): void {
  applyTheme(theme)
  try {
    localStorage.setItem(key, theme)
  } catch {
    // forbidden storage: the choice holds until the page is left
  }
}

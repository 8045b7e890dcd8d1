import type { Palette } from './chart.ts'

/**
 * The colours on paper and in a light page. Text has a contrast of 4.5 or more, marks of 3; accent and main differ in lightness too, so that they
 * are told apart in grey and by the colour-blind.
 */
export const light: Palette = {
  background: '#ffffff',
  ink: '#1b2330',
  muted: '#566070',
  grid: '#e3e7ed',
  accent: '#df7414',
  main: '#1f4e8c',
}

/** The colours in a dark page, held to the same. */
export const dark: Palette = {
  background: '#12161d',
  ink: '#e8ebf0',
  muted: '#a3adbb',
  grid: '#2b323d',
  accent: '#e56b10',
  main: '#a9c8ff',
}

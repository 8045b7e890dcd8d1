import type { Chart } from './chart.ts'
import * as roiByGenre from './roi-by-genre.ts'

/** The charts in the order they are shown. */
export const charts: readonly Chart[] = [roiByGenre]

import type { Frame, Sorted } from '../../frame/index.ts'
import type { movers } from '../../gold/movers.ts'
import type { films } from '../films.ts'

/** What charts are made of, each table in the state that readers see; in the dashboard only the films that pass its filters. */
export interface ChartSources {
  readonly films: typeof films.frame
  /** One row: how many films there are. */
  readonly total: Frame<{ readonly films: 'bigint' }>
  /** One row per film and director; of films that are left out too. */
  readonly directed: Frame<{ readonly movie_id: 'bigint'; readonly person_id: 'bigint' }>
  readonly movers: typeof movers.frame
}

/** How many films a chart stands for: `shown` of the `films` there are have what it draws. */
export interface Coverage {
  readonly films: number
  readonly shown: number
}

/** What a chart says in words. Each is one line, without a full stop. */
export interface Caption {
  /** What it shows, with the unit: `Box office by year of release, billion US$`. */
  readonly title: string
  /** What is drawn how, and of how many films: `1,240 of 4,788 films with budget and revenue`. */
  readonly subtitle: string
  /** The picture in one sentence, for those who cannot see it. */
  readonly description: string
}

/** The colours of a theme, as `#rrggbb`. */
export interface Palette {
  readonly background: string
  readonly ink: string
  readonly muted: string
  readonly grid: string
  /** Franchises, and whatever else stands out. */
  readonly accent: string
  /** Standalone films, and whatever is drawn in one colour. */
  readonly main: string
}

/** Where a chart is drawn: linkedom's document or a browser's, the size in CSS pixels. */
export interface Canvas {
  readonly document: Document
  readonly width: number
  readonly palette: Palette
}

/**
 * One chart: what it asks for, what it says, how it is drawn. The report and the dashboard draw the same one. A chart is a module that exports these
 * names, so that a browser loads `caption` and `draw` without the frames.
 */
export interface Chart<Row = never, Schema = unknown> {
  /** Kebab-case name in files and addresses. */
  readonly id: string
  /** At most 3,000 rows in the order they are drawn, aggregated as far as the picture needs. */
  readonly query: (sources: ChartSources) => Sorted<Schema>
  readonly caption: (rows: readonly Row[]) => Caption
  /** An `svg` element without title and source line; undefined when there is nothing to draw. */
  readonly draw: (rows: readonly Row[], canvas: Canvas) => SVGSVGElement | undefined
}

/** The rows a chart is drawn from. */
export type RowsOf<Q extends (sources: ChartSources) => { readonly collect: () => Promise<unknown> }> = Readonly<
  Awaited<ReturnType<ReturnType<Q>['collect']>>
>

import { duckdbDialect } from '../engines/duckdb/duckdb-dialect.ts'
import type { Parameter } from '../engines/duckdb/duckdb-file.ts'
import type { QueryEngine, Row } from '../frame/engine.ts'
import type { Frame } from '../frame/index.ts'
import type { Fields } from '../frame/types.ts'
import { movers } from '../gold/movers.ts'
import type { ChartSources } from '../report/charts/chart.ts'
import { films } from '../report/films.ts'
import { relation } from '../table.ts'
import type { Asked } from './api-types.ts'
import { filterSql, type Condition } from './filter-sql.ts'
import type { Filters } from './filters.ts'
import type { Publication } from './publication.ts'

/** The films of a publication that pass filters, as frames. What was asked of them is remembered. */
export class ShownFilms implements QueryEngine {
  readonly dialect = duckdbDialect
  readonly films: Frame<typeof films.frame.schema>
  readonly movers: Frame<typeof movers.frame.schema>
  readonly #publication: Publication
  readonly #condition: Condition
  readonly #signal: AbortSignal
  #asked: Asked = { sql: '', parameters: [], took_ms: 0 }

  constructor(publication: Publication, filters: Filters, signal: AbortSignal) {
    this.#publication = publication
    this.#condition = filterSql(filters, publication.meta)
    this.#signal = signal
    this.films = relation('shown', films.frame.types, this)
    this.movers = relation('shown_movers', movers.frame.types, this)
  }

  /** What charts are made of. */
  get sources(): ChartSources {
    return {
      films: this.films,
      total: relation('shown_count', { films: 'bigint' }, this),
      directed: relation('film_directors', { movie_id: 'bigint', person_id: 'bigint' }, this),
      movers: this.movers,
    }
  }

  /** How many films there are. Every panel says it, and asks for it once. */
  async count(): Promise<number> {
    const { sql: where, parameters } = this.#condition
    const sql = `SELECT count(*) AS films FROM films\nWHERE ${where}`
    const { rows } = await this.#publication.ask({ sql, columns: { films: 'bigint' }, parameters }, this.#signal)
    return Number(rows[0]?.['films'] ?? 0)
  }

  /** How the last question was answered. */
  get asked(): Asked {
    return this.#asked
  }

  async *query(sql: string, columns: Fields): AsyncGenerator<readonly Row[], void, undefined> {
    yield await this.rows(sql, columns)
  }

  /** The rows of SQL over `shown` and `shown_movers`, with values for `$n` after those of the filters. */
  async rows(sql: string, columns: Fields, more: readonly Parameter[] = []): Promise<readonly Row[]> {
    const isCounted = sql.includes('shown_count')
    const given = [...this.#condition.parameters, ...more]
    const parameters = isCounted ? [...given, await this.count()] : given
    const asked = this.#over(
      sql,
      isCounted ? [`shown_count AS (\n  SELECT $${parameters.length}::BIGINT AS films\n)`] : [],
    )
    const { rows, took_ms } = await this.#publication.ask({ sql: asked, columns, parameters }, this.#signal)
    this.#asked = { sql: asked, parameters, took_ms }
    return rows
  }

  /** How many parameters the filters take. */
  get parameterCount(): number {
    return this.#condition.parameters.length
  }

  explain(): Promise<string> {
    throw new Error('a plan is not asked for here')
  }

  #over(sql: string, counted: readonly string[]): string {
    const { sql: where } = this.#condition
    const steps = [`shown AS NOT MATERIALIZED (\n  SELECT * FROM films\n  WHERE ${where}\n)`, ...counted]
    if (sql.includes('shown_movers'))
      steps.push(
        `shown_movers AS NOT MATERIALIZED (\n  SELECT * FROM movers\n${where === 'true' ? '' : '  WHERE movie_id IN (SELECT movie_id FROM shown)\n'})`,
      )
    // a frame writes its own steps first, if it has any; DuckDB has no WITH before WITH
    const rest = sql.startsWith('WITH ') ? `,\n${sql.slice('WITH '.length)}` : `\n${sql}`
    return `WITH ${steps.join(',\n')}${rest}`
  }
}

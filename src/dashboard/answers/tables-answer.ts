import type { Engine } from '../../engines/engine.ts'
import { lakeTables } from '../../pipeline/catalogue.ts'
import { readSummaries, schemaOf } from '../../pipeline/describe-tables.ts'
import type { Published } from '../../pipeline/publish.ts'
import type { Rules } from '../../rules.ts'
import { NotFoundError } from '../answer-error.ts'
import type { TableAnswer, TablesAnswer } from '../api-types.ts'
import { layerOf, sourcesOf } from './runs-answer.ts'

const mostVersions = 100

/** The tables that are there, in build order. */
export async function answerTables(engine: Engine, rules: Rules, published: Published): Promise<TablesAnswer> {
  const summaries = await readSummaries(engine, lakeTables(rules), published)
  return { tables: summaries.map((table) => ({ ...table, layer: layerOf(table.table) })) }
}

/** One table with its columns and commits. Throws NotFoundError. */
export async function answerTable(
  engine: Engine,
  rules: Rules,
  published: Published,
  name: string,
): Promise<TableAnswer> {
  const tables = lakeTables(rules)
  const table = tables.find((one) => one.name === name)
  const [summary] = table === undefined ? [] : await readSummaries(engine, [table], published)
  if (table === undefined || summary === undefined)
    throw new NotFoundError(`there is no table ${JSON.stringify(name)}`, { hint: '/api/tables lists them' })
  const { key, columns } = schemaOf(table)
  const history = await engine.history(name)
  return {
    table: { ...summary, layer: layerOf(name) },
    key,
    columns,
    inputs: sourcesOf(table, new Set(tables.map((one) => one.name))),
    versions: history.slice(0, mostVersions).map(({ version, committedAt, operation, runId, metrics }) => ({
      version,
      committed_at: committedAt,
      operation,
      metrics,
      run_id: runId ?? null,
      is_published: version === summary.published,
    })),
  }
}

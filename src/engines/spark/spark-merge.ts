import { TableError } from '../../errors.ts'
import type { Table } from '../../table.ts'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import { release, stage, view, type SparkView } from './spark-stage.ts'
import type { SparkTables } from './spark-tables.ts'
import type { SparkWrite } from './spark-write.ts'

const { identifier } = sparkDialect

/** A merge by the table's key, as SQL. */
export interface SparkMerge {
  readonly table: Table<unknown>
  readonly source: string
  /** Rows of the table whose `column` is among `keys` and which the source lacks are deleted. */
  readonly scope?: { readonly column: string; readonly keys: string; readonly isChanged: boolean }
}

/** Compares the source with the rows of the table it may meet. Throws TableError `mismatch` when the source has a key twice, or null in it. */
export async function planMerge(session: SparkSession, tables: SparkTables, merge: SparkMerge): Promise<SparkWrite> {
  const { table } = merge
  const staged: SparkView[] = []
  const keep = async (made: Promise<SparkView>): Promise<string> => {
    const one = await made
    staged.push(one)
    return one.name
  }
  try {
    const base = await tables.version(table.name)
    const [columns, keys] = [Object.keys(table.columns), table.key].map((names) => names.map(identifier).join(', '))
    const source = await keep(stage(session, table.name, merge.source))
    await checkSource(session, table, source)
    const scope = merge.scope && {
      ...merge.scope,
      keys: await keep(stage(session, `${table.name}.scope`, merge.scope.keys)),
    }
    const stored = await keep(view(session, table.name, await tables.select(table, base)))
    const met = await metSql(session, table, { source, stored, scope })
    const missing = await tables.missing(table, base)
    const changes = await keep(
      stage(session, `${table.name}.changes`, changesSql(table, { source, met, isChanged: scope?.isChanged === true })),
    )
    const counted = await session.collect(`SELECT __kind AS kind, count(*) AS n FROM ${changes} GROUP BY __kind`)
    const count = (kind: string): number => Number(counted.find((row) => row['kind'] === kind)?.['n'] ?? 0)
    const counts = { inserted: count('insert'), updated: count('update'), deleted: count('delete') }
    const written = `SELECT ${columns} FROM ${changes} WHERE __kind <> 'delete'`
    const goneKeys = `(SELECT ${keys} FROM ${changes} WHERE __kind <> 'insert')`
    return {
      table,
      base,
      isChange: counted.length > 0,
      counts,
      after: await keep(
        view(
          session,
          table.name,
          `SELECT ${columns} FROM ${stored} LEFT ANTI JOIN ${goneKeys} USING (${keys}) UNION ALL ${written}`,
        ),
      ),
      written: await keep(view(session, table.name, written)),
      replaced: `SELECT ${columns} FROM ${stored} LEFT SEMI JOIN ${goneKeys} USING (${keys})`,
      prepare: () => tables.addColumns(table, missing),
      publish: () => session.run(mergeSql(table, tables.name(table.name), changes, counts)),
      kept: staged,
    }
  } catch (error) {
    await release(staged)
    throw error
  }
}

async function checkSource(session: SparkSession, { name, key }: Table<unknown>, source: string): Promise<void> {
  const keys = key.map(identifier)
  const isNull = keys.map((one) => `${one} IS NULL`).join(' OR ')
  const [row = {}] = await session.collect(
    `SELECT count(*) AS n, count(DISTINCT struct(${keys.join(', ')})) AS k, count_if(${isNull}) AS nulls FROM ${source}`,
  )
  if (Number(row['nulls']) > 0)
    throw new TableError(`${name}: the source of a merge has a row without ${key.join(', ')}`, {
      fault: 'mismatch',
      hint,
    })
  if (row['n'] === row['k']) return
  const [twice] = await session.collect(
    `SELECT to_json(struct(${keys.join(', ')})) AS k FROM ${source} GROUP BY ${keys.join(', ')} HAVING count(*) > 1 ORDER BY k LIMIT 1`,
  )
  throw new TableError(`${name}: the source of a merge has the key ${String(twice?.['k'])} more than once`, {
    fault: 'mismatch',
    hint,
  })
}

const hint = 'keep one row per key, for example with dropDuplicates'

interface Met {
  readonly source: string
  readonly stored: string
  readonly scope: { readonly column: string; readonly keys: string } | undefined
}

/** SQL for the rows of the table that the source names, or that lie within the scope. */
async function metSql(session: SparkSession, table: Table<unknown>, { source, stored, scope }: Met): Promise<string> {
  // joins by USING put their columns first
  const [columns, keys] = [Object.keys(table.columns), table.key].map((names) => names.map(identifier).join(', '))
  const byKey = (rows: string): string =>
    `SELECT ${columns} FROM ${rows} LEFT SEMI JOIN (SELECT ${keys} FROM ${source}) USING (${keys})`
  if (scope === undefined) return byKey(stored)
  const column = identifier(scope.column)
  const within = `SELECT ${columns} FROM ${stored} LEFT SEMI JOIN ${scope.keys} USING (${column})`
  const [outside] = await session.collect(
    `SELECT 1 AS one FROM ${source} LEFT ANTI JOIN ${scope.keys} USING (${column}) LIMIT 1`,
  )
  if (table.key.includes(scope.column) && outside === undefined) return within
  return `${within} UNION ALL ${byKey(`(SELECT ${columns} FROM ${stored} LEFT ANTI JOIN ${scope.keys} USING (${column}))`)}`
}

/** SQL for one row for each that is new, changes or goes, with what becomes of it in `__kind`. */
function changesSql(
  { columns, key }: Table<unknown>,
  { source, met, isChanged }: { readonly source: string; readonly met: string; readonly isChanged: boolean },
): string {
  const others = Object.keys(columns).filter((name) => !key.includes(name))
  const differs = others.map((name) => `NOT (t.${identifier(name)} <=> s.${identifier(name)})`)
  const kind = `CASE WHEN t.__met IS NULL THEN 'insert' WHEN s.__new IS NULL THEN 'delete' WHEN ${isChanged && others.length > 0 ? 'true' : ['false', ...differs].join(' OR ')} THEN 'update' ELSE 'same' END`
  const items = Object.keys(columns).map((name) =>
    key.includes(name)
      ? `coalesce(s.${identifier(name)}, t.${identifier(name)}) AS ${identifier(name)}`
      : `s.${identifier(name)}`,
  )
  const on = key.map((name) => `s.${identifier(name)} = t.${identifier(name)}`).join(' AND ')
  return `SELECT * FROM (
  SELECT ${kind} AS __kind, ${items.join(', ')}
  FROM (SELECT *, true AS __new FROM ${source}) AS s FULL OUTER JOIN (SELECT *, true AS __met FROM (${met})) AS t ON ${on}
) WHERE __kind <> 'same'`
}

function mergeSql(
  { columns, key }: Table<unknown>,
  target: string,
  changes: string,
  counts: NonNullable<SparkWrite['counts']>,
): string {
  const names = Object.keys(columns)
  const all = names.map(identifier).join(', ')
  const on = key.map((name) => `t.${identifier(name)} = s.${identifier(name)}`).join(' AND ')
  const set = names.filter((name) => !key.includes(name)).map((name) => `${identifier(name)} = s.${identifier(name)}`)
  return [
    `MERGE INTO ${target} AS t USING ${changes} AS s ON ${on}`,
    ...(counts.deleted > 0 ? [`WHEN MATCHED AND s.__kind = 'delete' THEN DELETE`] : []),
    ...(counts.updated > 0 && set.length > 0
      ? [`WHEN MATCHED AND s.__kind = 'update' THEN UPDATE SET ${set.join(', ')}`]
      : []),
    ...(counts.inserted > 0
      ? [
          `WHEN NOT MATCHED AND s.__kind = 'insert' THEN INSERT (${all}) VALUES (${names.map((name) => `s.${identifier(name)}`).join(', ')})`,
        ]
      : []),
  ].join('\n')
}

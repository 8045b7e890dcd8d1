import { randomUUID } from 'node:crypto'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'

/** A query whose rows the server keeps, or looks up again, under a name of this session. */
export interface SparkView {
  /** As SQL names it. */
  readonly name: string
  /** Never throws. */
  drop(): Promise<void>
}

const { identifier, text } = sparkDialect
// the server takes no dots in the name of a view that is not made by SQL
const nameFor = (label: string): string =>
  `movielake_${label.replaceAll(/\W/g, '_')}_${randomUUID().replaceAll('-', '').slice(0, 12)}`

/** The rows of SQL, computed now and once, and kept by the server until they are dropped or the session ends. */
export async function stage(session: SparkSession, label: string, sql: string): Promise<SparkView> {
  const name = nameFor(label)
  const { drop } = await session.checkpoint(name, sql)
  return { name: identifier(name), drop: () => quietly(drop()) }
}

/** The rows of SQL, computed whenever they are asked for; with what is said about its columns. */
export async function view(
  session: SparkSession,
  label: string,
  sql: string,
  columns?: Readonly<Record<string, { readonly about: string }>>,
): Promise<SparkView> {
  const name = identifier(nameFor(label))
  const described = Object.entries(columns ?? {}).map(
    ([column, { about }]) => `${identifier(column)} COMMENT ${text(about)}`,
  )
  const list = described.length === 0 ? '' : ` (${described.join(', ')})`
  await session.run(`CREATE TEMPORARY VIEW ${name}${list} AS ${sql}`)
  return { name, drop: () => dropped(session, name) }
}

/** Lets go of views, the last one first, as it may be made of others. */
export async function release(views: readonly SparkView[]): Promise<void> {
  for (const one of views.toReversed()) await one.drop()
}

/** Drops a view of this name in SQL. Never throws. */
export const dropped = (session: SparkSession, name: string): Promise<void> =>
  quietly(session.run(`DROP VIEW IF EXISTS ${name}`))

/** What is not dropped goes with the session: it is no reason for what is written to count as failed, and hides no error that came before. */
async function quietly(dropping: Promise<unknown>): Promise<void> {
  await dropping.catch(() => undefined)
}

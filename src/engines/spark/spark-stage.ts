import { randomUUID } from 'node:crypto'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'

/** A query whose rows the server keeps, or looks up again, under a name of this session. */
export interface SparkView {
  /** As SQL names it. */
  readonly name: string
  drop(): Promise<void>
}

const nameFor = (label: string): string =>
  sparkDialect.identifier(`movielake.${label}~${randomUUID().replaceAll('-', '').slice(0, 12)}`)

/** The rows of SQL, computed now and once: in the server's memory, and on its disk where that is full. They are gone with the session. */
export async function stage(session: SparkSession, label: string, sql: string): Promise<SparkView> {
  const name = nameFor(label)
  await session.run(`CACHE TABLE ${name} OPTIONS ('storageLevel' 'MEMORY_AND_DISK') AS ${sql}`)
  const drop = async (): Promise<void> => {
    await session.run(`UNCACHE TABLE IF EXISTS ${name}`)
    await session.run(`DROP VIEW IF EXISTS ${name}`)
  }
  return { name, drop }
}

/** The rows of SQL, computed whenever they are asked for. */
export async function view(session: SparkSession, label: string, sql: string): Promise<SparkView> {
  const name = nameFor(label)
  await session.run(`CREATE TEMPORARY VIEW ${name} AS ${sql}`)
  return {
    name,
    drop: async () => {
      await session.run(`DROP VIEW IF EXISTS ${name}`)
    },
  }
}

import { createHash } from 'node:crypto'
import { duckdbDialect } from '../engines/duckdb/duckdb-dialect.ts'
import type { AnyFrame } from '../frame/index.ts'
import type { Rules } from '../rules.ts'
import type { Table } from '../table.ts'

/** Under this name a table keeps the fingerprint of what it was built by. */
export const fingerprintProperty = 'movielake.fingerprint'

/**
 * What a table is built by, as a short hash: its SQL, the rules in it, and those of what is staged for it. Another one means other rules or
 * newer code, and the table is built anew. One dialect for all engines, so that a change of engine alone rebuilds nothing.
 */
export function fingerprintOf(table: Table<object>, rules: Rules): string {
  const known = fingerprints.get(table)
  if (known?.rules === rules) return known.fingerprint
  const fingerprint = createHash('sha256').update(recipeOf(table, rules)).digest('hex').slice(0, 16)
  fingerprints.set(table, { rules, fingerprint })
  return fingerprint
}

// plan, build and commit ask for the same ones
const fingerprints = new WeakMap<Table<object>, { readonly rules: Rules; readonly fingerprint: string }>()

function recipeOf(table: Table<object>, rules: Rules): string {
  const inputs: Readonly<Record<string, AnyFrame>> = Object.fromEntries(
    Object.entries(table.inputs).map(([name, input]) => [name, input.frame]),
  )
  const staged = Object.values(table.inputs).filter((input) => input.name === 'silver.answers')
  return [table.build(inputs, rules).toSql(duckdbDialect), ...staged.map((input) => recipeOf(input, rules))].join('\n')
}

/** The table property that names the engines whose hashes a table holds. */
export const hashesProperty = 'movielake.hashed_by'

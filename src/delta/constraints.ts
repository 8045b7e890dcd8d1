import { z } from 'zod'
import { TableError } from '../errors.ts'
import { parseCondition, type Expression } from './constraint-expression.ts'
import type { DeltaField, DeltaType } from './schema.ts'
import type { Snapshot } from './snapshot.ts'

/** A condition that every row of a table must meet: one for which it is null breaks it too. */
export interface Check {
  /** As messages name it: `the CHECK constraint positive`. */
  readonly name: string
  readonly sql: string
  readonly condition: Expression
}

/** The CHECK constraints and invariants of a table. Throws TableError `unsupported`, naming it, for one that is not understood. */
export function checksOf({
  table,
  metadata,
  schema,
}: Pick<Snapshot, 'table' | 'metadata' | 'schema'>): readonly Check[] {
  const constraints = Object.entries(metadata.configuration).flatMap(([key, sql]) =>
    key.startsWith('delta.constraints.')
      ? [{ name: `the CHECK constraint ${key.slice('delta.constraints.'.length)}`, sql: sql ?? '' }]
      : [],
  )
  return [...constraints, ...schema.flatMap(invariantsOf)].map(({ name, sql }) => {
    const condition = parseCondition(sql, schema)
    if (condition !== undefined) return { name, sql, condition }
    throw new TableError(`${table}: cannot be written because of ${name}, which is not understood: ${sql}`, {
      fault: 'unsupported',
      hint: 'use Spark for this table',
    })
  })
}

function invariantsOf({
  name,
  type,
  metadata,
}: DeltaField): readonly { readonly name: string; readonly sql: string }[] {
  const own = 'delta.invariants' in metadata ? [{ name: `the invariant of ${name}`, sql: sqlOf(metadata) }] : []
  return [...own, ...fieldsOf(type).flatMap(invariantsOf)]
}

const fieldsOf = (type: DeltaType): readonly DeltaField[] =>
  typeof type !== 'string' && type.type === 'struct' ? type.fields : []

const invariant = z.object({ expression: z.object({ expression: z.string() }) })

function sqlOf({ 'delta.invariants': text }: DeltaField['metadata']): string {
  try {
    return invariant.parse(JSON.parse(String(text))).expression.expression
  } catch {
    // what cannot be read is no condition either, and refused as such
    return String(text)
  }
}

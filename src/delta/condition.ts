/** A value as conditions write it: digits, ISO dates and instants, text as it is. */
export interface Literal {
  readonly kind: 'integer' | 'decimal' | 'double' | 'text' | 'date' | 'timestamp'
  readonly text: string
}

/** A comparison of a column, or of a field in one, with a value. Null is never true. */
export interface Comparison {
  readonly column: readonly string[]
  readonly is: '=' | '<' | '<=' | '>' | '>='
  readonly value: Literal
}

/** What rows are asked for, so far as files can be left out by it. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly column: readonly string[]; readonly isNull: boolean }
  | Comparison

/** A condition that every row meets, or of which nothing is known. */
export const everyRow: Condition = { all: [] }

/** A condition that no row meets. */
export const noRow: Condition = { any: [] }

/** Whether a condition is `noRow`, however it is put together. */
export const isNoRow = (condition: Condition): boolean => 'any' in condition && condition.any.every(isNoRow)

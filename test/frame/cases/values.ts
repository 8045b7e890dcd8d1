import * as f from '../../../src/frame/index.ts'
import type { Column, Columns, Frame } from '../../../src/frame/index.ts'
import type { QueryEngine } from '../../../src/frame/engine.ts'
import { relation } from '../../../src/table.ts'

/** One expression and the value it has on every engine. */
export type Case = readonly [name: string, expected: unknown, expression: (c: One) => Column<unknown>]

/** One frame and the rows it has on every engine. */
export type FrameCase = readonly [
  name: string,
  expected: readonly object[],
  build: (engine: QueryEngine) => { collect(): Promise<readonly object[]>; toSql(): string },
]

type One = Columns<{ one: 'int' }>

export const { lit } = f
export const i = (v: number | null) => (v === null ? lit(null, 'int') : lit(v, 'int'))
export const b = (v: number) => lit(v, 'bigint')
export const d = (v: number) => lit(v, 'double')
export const s = (v: string | null) => (v === null ? lit(null, 'string') : lit(v))
export const day = (v: string) => lit(v, 'date')
export const no = lit(null, 'boolean')
export const none = lit(null, 'int')

export const ints = (...v: (number | null)[]) => f.array(...(v.map(i) as [Column<'int' | null, never>]))
/** No array at all. */
export const noInts = f.when(lit(false), ints(1))
export const texts = (...v: (string | null)[]) => f.array(...(v.map(s) as [Column<'string' | null, never>]))

/** One row with the column `one`, which is 1. */
export const one = (engine: QueryEngine): Frame<{ one: 'int' }> => relation('(SELECT 1 AS one)', { one: 'int' }, engine)

/** The numbers as `v`, one a row, with `k` their rest by 2. */
export const rowsOf = (engine: QueryEngine, ...v: (number | null)[]) =>
  one(engine)
    .withColumns(() => ({ a: ints(...v) }))
    .explode('a', 'v')
    .withColumns((c) => ({ k: c.v.mod(2) }))

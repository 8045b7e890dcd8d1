import { engineOf, Frame, type AnyFrame } from './frame.ts'
import { literal, type JsValue } from './literal.ts'
import { plain } from './query.ts'
import type { Type } from './types.ts'

/**
 * A frame of SQL of the user's own, for what frames cannot say. Frames in the text become names of steps, other values literals
 * of the engine at hand. The columns are taken on trust: `sql({ n: 'bigint' })\`select count(*) as n from ${movies}\``.
 */
export const sql =
  <const S extends Readonly<Record<string, Type>>>(columns: S) =>
  (texts: TemplateStringsArray, ...args: readonly (AnyFrame | JsValue)[]): Frame<{ [N in keyof S]: S[N] | null }> => {
    const engine = engineOf(...args.filter((arg) => arg instanceof Frame))
    const parts = args.map((arg) => (arg instanceof Frame ? arg.query : literal(arg, literalType(arg))))
    return new Frame(plain({ from: 'sql', texts, args: parts }, Object.keys(columns)), columns, engine)
  }

const literalType = (value: JsValue): Type =>
  typeof value === 'number'
    ? Number.isSafeInteger(value)
      ? 'bigint'
      : 'double'
    : typeof value === 'boolean'
      ? 'boolean'
      : value instanceof Date
        ? 'timestamp'
        : 'string'

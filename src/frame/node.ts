import type { FunctionName } from './dialect.ts'
import type { Type } from './types.ts'

/** One part of an expression, as data. Rendering turns it into an engine's SQL. */
export type Node =
  | { readonly op: 'column'; readonly name: string; readonly side?: string }
  | { readonly op: 'literal'; readonly value: string | number | boolean | null; readonly type: Type }
  | {
      readonly op: 'call'
      readonly name: FunctionName
      readonly args: readonly Node[]
      readonly isAggregate?: boolean
      readonly window?: Window
    }
  | { readonly op: 'cast'; readonly arg: Node; readonly type: Type }
  | { readonly op: 'field'; readonly of: Node; readonly name: string }
  | { readonly op: 'struct'; readonly fields: readonly (readonly [string, Node])[] }
  | { readonly op: 'lambda'; readonly parameters: readonly object[]; readonly body: Node }
  | { readonly op: 'parameter'; readonly of: object }
  | { readonly op: 'json'; readonly text: Node; readonly type: Type }
  | { readonly op: 'sql'; readonly texts: readonly string[]; readonly args: readonly Node[] }

/** Which rows a window function sees. `rows` counts from the current row; -Infinity and Infinity reach the ends. */
export interface Window {
  readonly partitionBy: readonly Node[]
  readonly orderBy: readonly Order[]
  readonly rows?: readonly [number, number]
}

/** One item of an ORDER BY. Nulls come last in both directions, on every engine. */
export interface Order {
  readonly by: Node
  readonly direction: 'asc' | 'desc'
}

/** The node with `window` laid on every aggregate in it, so that casts around an aggregate stay outside of OVER. */
export function withWindow(node: Node, window: Window): Node {
  if (node.op === 'cast') return { ...node, arg: withWindow(node.arg, window) }
  if (node.op === 'field') return { ...node, of: withWindow(node.of, window) }
  if (node.op !== 'call') return node
  return node.isAggregate === true
    ? { ...node, window }
    : { ...node, args: node.args.map((arg) => withWindow(arg, window)) }
}

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

/** The node with `window` laid on every aggregate in it, so that what is done to an aggregate stays outside of OVER. */
export function withWindow(node: Node, window: Window): Node {
  const inner = (part: Node): Node => withWindow(part, window)
  switch (node.op) {
    case 'cast':
      return { ...node, arg: inner(node.arg) }
    case 'field':
      return { ...node, of: inner(node.of) }
    case 'struct':
      return { ...node, fields: node.fields.map(([name, field]) => [name, inner(field)]) }
    case 'sql':
      return { ...node, args: node.args.map(inner) }
    case 'call':
      return node.isAggregate === true ? { ...node, window } : { ...node, args: node.args.map(inner) }
    default:
      return node
  }
}

/** The names of the columns an expression reads, in small letters. */
export function columnsIn(node: Node, found = new Set<string>()): ReadonlySet<string> {
  switch (node.op) {
    case 'column':
      found.add(node.name.toLowerCase())
      break
    case 'cast':
      columnsIn(node.arg, found)
      break
    case 'field':
      columnsIn(node.of, found)
      break
    case 'lambda':
      columnsIn(node.body, found)
      break
    case 'json':
      columnsIn(node.text, found)
      break
    case 'struct':
      for (const [, field] of node.fields) columnsIn(field, found)
      break
    case 'call':
    case 'sql':
      for (const arg of node.args) columnsIn(arg, found)
      break
    default:
  }
  return found
}

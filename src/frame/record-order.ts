import { Column, type Kind } from './column.ts'
import type { Node } from './node.ts'
import type { Type } from './types.ts'

/** What sorts as the value does, nulls inside of it last: Spark puts these first. */
export function sortKey(value: Node, type: Type): Node {
  if (typeof type === 'string' || !('struct' in type)) return value
  const fields = Object.entries(type.struct).flatMap(([name, field], i): (readonly [string, Node])[] => {
    const read: Node = { op: 'field', of: value, name }
    return [
      [`missing_${i}`, { op: 'call', name: 'is_null', args: [read] }],
      [`key_${i}`, sortKey(read, field)],
    ]
  })
  return { op: 'struct', fields }
}

/** A sorted array in the order that holds on every engine, which differs where records have nulls inside. */
export function ordered<T, K extends Kind>(list: Column<T, K>): Column<T, K> {
  const { type } = list
  if (typeof type === 'string' || !('array' in type)) return list
  if (typeof type.array === 'string' || !('struct' in type.array)) return list
  const parameter = {}
  const value: Node = { op: 'parameter', of: parameter }
  const entry: Node = {
    op: 'struct',
    fields: [
      ['missing', { op: 'call', name: 'is_null', args: [value] }],
      ['key', sortKey(value, type.array)],
      ['value', value],
    ],
  }
  const lambda: Node = { op: 'lambda', parameters: [parameter], body: entry }
  return new Column({ op: 'call', name: 'in_order', args: [list.node, lambda] }, type)
}

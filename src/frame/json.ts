import type { Node } from './node.ts'
import { typeName, type Type } from './types.ts'

/**
 * A field of a struct node and its type. Fields of a JSON document are converted here, one by one, when they are asked for:
 * the document was parsed with text at its leaves, because engines disagree on `"8"`, `6.0` and `1.5` where an integer is meant.
 */
export function fieldOf(node: Node, type: Type, name: string): [Node, Type] {
  const struct = typeof type === 'object' && 'json' in type ? type.json : type
  if (typeof struct === 'string' || !('struct' in struct)) throw new Error(`${typeName(type)} has no fields`)
  const field = struct.struct[name]
  if (field === undefined) throw new TypeError(`no field ${name} in ${typeName(type)}`)
  const read: Node = { op: 'field', of: node, name }
  return struct === type ? [read, field] : fromText(read, field)
}

/** The element `node` of an array of `type`, converted if the array comes out of a document. */
export function elementOf(node: Node, type: Type): [Node, Type] {
  const array = typeof type === 'object' && 'json' in type ? type.json : type
  if (typeof array === 'string' || !('array' in array)) throw new Error(`${typeName(type)} is not an array`)
  return array === type ? [node, array.array] : fromText(node, array.array)
}

/** The type of a parsed document whose leaves are text; documents of text alone need no conversion and stay as they are. */
export const documentType = (type: Type): Type => (isText(type) ? type : { json: type })

/** The type a document is parsed with: the same shape, text at every leaf. */
export function textType(type: Type): Type {
  if (typeof type === 'string') return 'string'
  if ('array' in type) return { array: textType(type.array) }
  if ('struct' in type)
    return { struct: Object.fromEntries(Object.entries(type.struct).map(([name, field]) => [name, textType(field)])) }
  return textType(type.json)
}

/** Whether there is a document anywhere in the type. */
export function holdsDocument(type: Type): boolean {
  if (typeof type === 'string') return false
  if ('json' in type) return true
  if ('array' in type) return holdsDocument(type.array)
  return Object.values(type.struct).some(holdsDocument)
}

/** The column, if its values may be compared. Throws TypeError on documents: their leaves are text and would be compared as text. */
export function comparable<C extends { readonly type: Type }>(column: C): C {
  if (holdsDocument(column.type))
    throw new TypeError(`${typeName(column.type)} is still a document: read its fields or transform it first`)
  return column
}

/** The value with every leaf of the documents in it converted: what a reader outside of the frame sees. */
export function unpacked(node: Node, type: Type): Node {
  if (typeof type === 'string' || !holdsDocument(type)) return node
  const shape = 'json' in type ? type.json : type
  if (typeof shape === 'string' || 'json' in shape) return node
  if ('array' in shape) {
    const parameter = {}
    const [element, elementType] = elementOf({ op: 'parameter', of: parameter }, type)
    return {
      op: 'call',
      name: 'transform',
      args: [node, { op: 'lambda', parameters: [parameter], body: unpacked(element, elementType) }],
    }
  }
  const fields = Object.keys(shape.struct).map((name) => {
    const [field, fieldType] = fieldOf(node, type, name)
    return [name, unpacked(field, fieldType)] as const
  })
  return {
    op: 'call',
    name: 'case',
    args: [
      { op: 'call', name: 'is_not_null', args: [node] },
      { op: 'struct', fields },
    ],
  }
}

/** `node` of type `from` as `to`, null where it does not fit. Equal types stay as they are. */
export const convertible = (node: Node, from: Type, to: Type): Node =>
  from === to ? node : { op: 'call', name: `${typeName(from)}_to_${typeName(to)}` as 'string_to_int', args: [node] }

function fromText(node: Node, type: Type): [Node, Type] {
  return typeof type === 'string' ? [convertible(node, 'string', type), type] : [node, documentType(type)]
}

function isText(type: Type): boolean {
  if (typeof type === 'string') return type === 'string'
  if ('array' in type) return isText(type.array)
  return 'struct' in type ? Object.values(type.struct).every(isText) : false
}

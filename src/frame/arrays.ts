import { call, Column, lift, type Kind, type KindOf, type Nulls, type TypeOf } from './column.ts'
import { elementOf } from './json.ts'
import type { Node } from './node.ts'
import { typeName, type ArrayOf, type Literal, type Type } from './types.ts'

type Arr = Column<ArrayOf<unknown> | null, Kind>
type ElementOf<C> = Exclude<TypeOf<C>, null> extends ArrayOf<infer E> ? E : never
type Condition = Column<'boolean' | null, Kind>

/** How many elements there are. */
export const size = <C extends Arr>(array: C): Column<'int' | Nulls<TypeOf<C>>, KindOf<C>> => call('size', 'int', array)

/** An array of these columns' values. */
export const array = <const Cs extends readonly [Column<unknown, Kind>, ...Column<unknown, Kind>[]]>(
  ...items: Cs
): Column<ArrayOf<TypeOf<Cs[number]>>, KindOf<Cs[number]>> => call('array', { array: items[0].type }, ...items)

/** An array of that type with nothing in it. */
export const emptyArray = <const E extends Type>(element: E): Column<ArrayOf<E>, never> =>
  new Column({ op: 'cast', arg: { op: 'call', name: 'array', args: [] }, type: { array: element } }, { array: element })

/** The elements that are not null. */
export const arrayCompact = <C extends Arr>(
  array: C,
): Column<ArrayOf<Exclude<ElementOf<C>, null>> | Nulls<TypeOf<C>>, KindOf<C>> => {
  const parameter: Node = { op: 'parameter', of: array }
  return new Column(
    {
      op: 'call',
      name: 'filter',
      args: [
        array.node,
        { op: 'lambda', parameters: [array], body: { op: 'call', name: 'is_not_null', args: [parameter] } },
      ],
    },
    array.type,
  )
}

/** Whether the array holds the value. Never null unless the array is. */
export const arrayContains = <C extends Arr>(
  array: C,
  value: Exclude<ElementOf<C>, null> extends infer E ? Literal<E> | Column<E, Kind> : never,
): Column<'boolean' | Nulls<TypeOf<C>>, KindOf<C>> =>
  call('array_contains', 'boolean', array, lift(value, elementOf(array.node, array.type)[1]))

/** The element at a 1-based place, from the end if negative; null where there is none. */
export const elementAt = <C extends Arr>(array: C, place: number): Column<ElementOf<C> | null, KindOf<C>> => {
  if (!Number.isInteger(place) || place === 0)
    throw new RangeError(`elementAt: place ${place}, counted from 1 or from -1`)
  const [node, type] = elementOf(
    { op: 'call', name: 'element_at', args: [array.node, lift(place, 'int').node] },
    array.type,
  )
  return new Column(node, type)
}

/** `count` elements from the 1-based `start`. */
export const slice = <C extends Arr>(array: C, start: number, count: number): Column<TypeOf<C>, KindOf<C>> => {
  if (start < 1) throw new RangeError(`slice: start ${start}, must be 1 or more`)
  return call('slice', array.type, array, lift(start, 'int'), lift(count, 'int'))
}

/** The texts joined, nulls left out; the empty text for an empty array. */
export const arrayJoin = <C extends Column<ArrayOf<'string' | null> | null, Kind>>(
  array: C,
  separator: string,
): Column<'string' | Nulls<TypeOf<C>>, KindOf<C>> => call('array_join', 'string', array, lift(separator, 'string'))

/** The elements in ascending order, nulls last. */
export const arraySort = <C extends Arr>(array: C): Column<TypeOf<C>, KindOf<C>> =>
  call('array_sort', converted(array), array)

/** The different elements that are not null, in ascending order. */
export const arrayDistinct = <C extends Arr>(
  array: C,
): Column<ArrayOf<Exclude<ElementOf<C>, null>> | Nulls<TypeOf<C>>, KindOf<C>> =>
  call('array_distinct', converted(array), array)

/** One array of the inner arrays' elements. Inner nulls are left out. */
export const flatten = <C extends Column<ArrayOf<ArrayOf<unknown> | null> | null, Kind>>(
  array: C,
): Column<Exclude<ElementOf<C>, null> | Nulls<TypeOf<C>>, KindOf<C>> =>
  call('flatten', elementOf(array.node, converted(array))[1], array)

/** Each element through `change`. */
export const transform = <C extends Arr, R extends Column<unknown, Kind>>(
  array: C,
  change: (element: Column<ElementOf<C>, never>) => R,
): Column<ArrayOf<TypeOf<R>> | Nulls<TypeOf<C>>, KindOf<C> | KindOf<R>> => {
  const [lambda, type] = lambdaOver(array, change)
  return new Column({ op: 'call', name: 'transform', args: [array.node, lambda] }, { array: type })
}

/** The elements for which the condition is true. */
export const filter = <C extends Arr, R extends Condition>(
  array: C,
  condition: (element: Column<ElementOf<C>, never>) => R,
): Column<TypeOf<C>, KindOf<C> | KindOf<R>> =>
  new Column({ op: 'call', name: 'filter', args: [array.node, lambdaOver(array, condition)[0]] }, array.type)

/** Whether the condition is true for one element at least. */
export const exists = <C extends Arr, R extends Condition>(
  array: C,
  condition: (element: Column<ElementOf<C>, never>) => R,
): Column<'boolean' | Nulls<TypeOf<C>>, KindOf<C> | KindOf<R>> =>
  call('gt', 'boolean', size(filter(array, condition)), lift(0, 'int'))

/** The elements by a key, ascending, nulls last; equal keys keep their order. */
export const arraySortBy = <C extends Arr, R extends Column<unknown, Kind>>(
  array: C,
  key: (element: Column<ElementOf<C>, never>) => R,
): Column<TypeOf<C>, KindOf<C> | KindOf<R>> => {
  const [element, place] = [{}, {}]
  const value: Node = { op: 'parameter', of: element }
  const by = key(new Column(...elementOf(value, array.type)))
  const keyed: Node = {
    op: 'struct',
    fields: [
      ['missing', by.isNull().node],
      ['key', by.node],
      ['place', { op: 'parameter', of: place }],
      ['value', value],
    ],
  }
  const sorted: Node = {
    op: 'call',
    name: 'array_sort',
    args: [
      {
        op: 'call',
        name: 'transform',
        args: [array.node, { op: 'lambda', parameters: [element, place], body: keyed }],
      },
    ],
  }
  return new Column(
    {
      op: 'call',
      name: 'transform',
      args: [
        sorted,
        { op: 'lambda', parameters: [keyed], body: { op: 'field', of: { op: 'parameter', of: keyed }, name: 'value' } },
      ],
    },
    array.type,
  )
}

function lambdaOver<R extends Column<unknown, Kind>>(
  array: Arr,
  body: (element: Column<never, never>) => R,
): [Node, Type] {
  const parameter = {}
  const result = body(new Column(...elementOf({ op: 'parameter', of: parameter }, array.type)))
  return [{ op: 'lambda', parameters: [parameter], body: result.node }, result.type]
}

/** The array's type. Throws on elements still in a document: their fields are text, and would be compared as text. */
function converted(array: Arr): Type {
  if (typeof array.type === 'object' && 'json' in array.type)
    throw new TypeError(`${typeName(array.type)} comes out of a document: transform it to what you mean first`)
  return array.type
}

import { call, Column, lift, type Kind, type KindOf, type Nulls, type Operand, type TypeOf } from './column.ts'
import { comparable, elementOf } from './json.ts'
import type { Node } from './node.ts'
import { ordered, sortKey } from './record-order.ts'
import type { ArrayOf, Literal, Type } from './types.ts'

type Arr = Column<ArrayOf<unknown> | null, Kind>
type ElementOf<C> = Exclude<TypeOf<C>, null> extends ArrayOf<infer E> ? E : never
type Condition = Column<'boolean' | null, Kind>

/** How many elements there are. */
export const size = <C extends Arr>(list: C): Column<'int' | Nulls<TypeOf<C>>, KindOf<C>> => call('size', 'int', list)

/** An array of these columns' values. */
export const array = <const Cs extends readonly [Column<unknown, Kind>, ...Column<unknown, Kind>[]]>(
  ...items: Cs
): Column<ArrayOf<TypeOf<Cs[number]>>, KindOf<Cs[number]>> => call('array', { array: items[0].type }, ...items)

/** An array of that type with nothing in it. */
export const emptyArray = <const E extends Type>(element: E): Column<ArrayOf<E>, never> =>
  new Column({ op: 'cast', arg: { op: 'call', name: 'array', args: [] }, type: { array: element } }, { array: element })

/** The elements that are not null. */
export const arrayCompact = <C extends Arr>(
  list: C,
): Column<ArrayOf<Exclude<ElementOf<C>, null>> | Nulls<TypeOf<C>>, KindOf<C>> => {
  const element = {}
  const isThere: Node = { op: 'call', name: 'is_not_null', args: [{ op: 'parameter', of: element }] }
  const lambda: Node = { op: 'lambda', parameters: [element], body: isThere }
  return new Column({ op: 'call', name: 'filter', args: [list.node, lambda] }, list.type)
}

/** A value that elements of the list are compared with. */
type Sought<C> = Exclude<ElementOf<C>, null> extends infer E ? Literal<E> | Column<E, Kind> : never
const sought = (list: Arr, value: unknown): Column<never, never> =>
  lift(value, elementOf(list.node, converted(list))[1])

/** Whether the array holds the value. Never null unless the array is. */
export const arrayContains = <C extends Arr, V extends Sought<C>>(
  list: C,
  value: V,
): Column<'boolean' | Nulls<TypeOf<C>>, KindOf<C> | KindOf<V>> =>
  call('array_contains', 'boolean', list, sought(list, value))

/** The 1-based place of the first element that is this value; 0 where none is. Throws TypeError on elements still in a document. */
export const arrayPosition = <C extends Arr, V extends Sought<C>>(
  list: C,
  value: V,
): Column<'int' | Nulls<TypeOf<C>>, KindOf<C> | KindOf<V>> => call('array_position', 'int', list, sought(list, value))

/** The elements that are not this value; nulls stay. Throws TypeError on elements still in a document. */
export const arrayRemove = <C extends Arr, V extends Sought<C>>(
  list: C,
  value: V,
): Column<TypeOf<C>, KindOf<C> | KindOf<V>> => call('array_remove', list.type, list, sought(list, value))

/** The element at a 1-based place, from the end if negative; null where there is none. */
export const elementAt = <C extends Arr, P extends Operand<'int'>>(
  list: C,
  place: P,
): Column<ElementOf<C> | null, KindOf<C> | KindOf<P>> => {
  if (typeof place === 'number' && (!Number.isInteger(place) || place === 0))
    throw new RangeError(`elementAt: place ${place}, counted from 1 or from -1`)
  const [node, type] = elementOf(
    { op: 'call', name: 'element_at', args: [list.node, lift(place, 'int').node] },
    list.type,
  )
  return new Column(node, type)
}

/** `count` elements from the 1-based `start`. */
export const slice = <C extends Arr>(list: C, start: number, count: number): Column<TypeOf<C>, KindOf<C>> => {
  if (start < 1) throw new RangeError(`slice: start ${start}, must be 1 or more`)
  if (count < 0) throw new RangeError(`slice: count ${count}, must be 0 or more`)
  return call('slice', list.type, list, lift(start, 'int'), lift(count, 'int'))
}

/** The texts joined, nulls left out or as `nullText`; the empty text for an empty array. */
export const arrayJoin = <C extends Column<ArrayOf<'string' | null> | null, Kind>>(
  list: C,
  separator: string,
  nullText?: string,
): Column<'string' | Nulls<TypeOf<C>>, KindOf<C>> => {
  const texts = [separator, ...(nullText === undefined ? [] : [nullText])].map((text) => lift(text, 'string'))
  return call('array_join', 'string', list, ...texts)
}

/** The elements in ascending order, nulls last. Throws TypeError on elements still in a document. */
export const arraySort = <C extends Arr>(list: C): Column<TypeOf<C>, KindOf<C>> =>
  ordered(call('array_sort', converted(list), list))

/** The different elements that are not null, in ascending order. Throws TypeError on elements still in a document. */
export const arrayDistinct = <C extends Arr>(
  list: C,
): Column<ArrayOf<Exclude<ElementOf<C>, null>> | Nulls<TypeOf<C>>, KindOf<C>> =>
  ordered(call('array_distinct', converted(list), list))

/** One array of the inner arrays' elements. Inner nulls are left out. */
export const flatten = <C extends Column<ArrayOf<ArrayOf<unknown> | null> | null, Kind>>(
  list: C,
): Column<Exclude<ElementOf<C>, null> | Nulls<TypeOf<C>>, KindOf<C>> =>
  call('flatten', elementOf(list.node, converted(list))[1], list)

/** Each element through `change`. */
export const transform = <C extends Arr, R extends Column<unknown, Kind>>(
  list: C,
  change: (element: Column<ElementOf<C>, never>) => R,
): Column<ArrayOf<TypeOf<R>> | Nulls<TypeOf<C>>, KindOf<C> | KindOf<R>> => {
  const [lambda, type] = lambdaOver(list, change)
  return new Column({ op: 'call', name: 'transform', args: [list.node, lambda] }, { array: type })
}

/** The elements for which the condition is true. */
export const filter = <C extends Arr, R extends Condition>(
  list: C,
  condition: (element: Column<ElementOf<C>, never>) => R,
): Column<TypeOf<C>, KindOf<C> | KindOf<R>> =>
  new Column({ op: 'call', name: 'filter', args: [list.node, lambdaOver(list, condition)[0]] }, list.type)

/** Whether the condition is true for one element at least. */
export const exists = <C extends Arr, R extends Condition>(
  list: C,
  condition: (element: Column<ElementOf<C>, never>) => R,
): Column<'boolean' | Nulls<TypeOf<C>>, KindOf<C> | KindOf<R>> =>
  call('gt', 'boolean', size(filter(list, condition)), lift(0, 'int'))

/** The elements by a key, ascending, nulls last; equal keys keep their order. */
export const arraySortBy = <C extends Arr, R extends Column<unknown, Kind>>(
  list: C,
  key: (element: Column<ElementOf<C>, never>) => R,
): Column<TypeOf<C>, KindOf<C> | KindOf<R>> => {
  const [element, place, entry] = [{}, {}, {}]
  const value: Node = { op: 'parameter', of: element }
  const by = comparable(key(new Column(...elementOf(value, list.type))))
  const keyed: Node = {
    op: 'struct',
    fields: [
      ['missing', by.isNull().node],
      ['key', sortKey(by.node, by.type)],
      ['place', { op: 'parameter', of: place }],
      ['value', value],
    ],
  }
  const entries = mapped(list.node, [element, place], keyed)
  const sorted: Node = { op: 'call', name: 'array_sort', args: [entries] }
  return new Column(
    mapped(sorted, [entry], { op: 'field', of: { op: 'parameter', of: entry }, name: 'value' }),
    list.type,
  )
}

const mapped = (list: Node, parameters: readonly object[], body: Node): Node => ({
  op: 'call',
  name: 'transform',
  args: [list, { op: 'lambda', parameters, body }],
})

function lambdaOver<R extends Column<unknown, Kind>>(
  list: Arr,
  body: (element: Column<never, never>) => R,
): [Node, Type] {
  const parameter = {}
  const result = body(new Column(...elementOf({ op: 'parameter', of: parameter }, list.type)))
  return [{ op: 'lambda', parameters: [parameter], body: result.node }, result.type]
}

const converted = (list: Arr): Type => comparable(list).type

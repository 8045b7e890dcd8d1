import type { Column, Kind, TypeOf } from './column.ts'
import type { ArrayOf, Simplify } from './types.ts'

/** Columns to be, by name: what the callback of `select` or `agg` answers. */
export type Projection<K extends Kind = 'row' | 'window'> = Readonly<Record<string, Column<unknown, K>>>

/** The types of the columns of a projection. */
export type Projected<P> = { [N in keyof P]: TypeOf<P[N]> }

/** The names of the columns. */
export type Name<S> = keyof S & string

/** The names of the columns that hold arrays. */
export type ArrayName<S> = { [N in keyof S]: Exclude<S[N], null> extends ArrayOf<unknown> ? N : never }[keyof S] &
  string

/** The names of the columns that hold text. */
export type TextName<S> = { [N in keyof S]: Exclude<S[N], null> extends 'string' ? N : never }[keyof S] & string

type Element<T> = Exclude<T, null> extends ArrayOf<infer E> ? E : never

/** The columns after `explode`: the array has given way to its element. */
export type Exploded<S, N, As extends string, Null> = Simplify<
  Omit<S, N & string> & { [A in As]: Element<S[N & keyof S]> | Null }
>

/** The columns after `rename`. */
export type Renamed<S, R> = Simplify<{ [N in keyof S as N extends keyof R ? R[N] & string : N]: S[N] }>

/** The columns after `dropNulls`. */
export type Filled<S, N> = Simplify<{ [C in keyof S]: C extends N ? Exclude<S[C], null> : S[C] }>

type Shared<S, O, K> = Exclude<keyof S & keyof O, K> & string

/** `unknown` when no column but the keys is on both sides of a join, else a type that says which one is. */
export type NoClash<S, O, K> = [Shared<S, O, K>] extends [never]
  ? unknown
  : { error: `both sides have a column ${Shared<S, O, K>}: drop or rename it on one side` }

type Differing<S, O, K> = {
  [N in K & keyof S & keyof O]: [Exclude<S[N], null>, Exclude<O[N], null>] extends [
    Exclude<O[N], null>,
    Exclude<S[N], null>,
  ]
    ? never
    : N
}[K & keyof S & keyof O] &
  string

/** `unknown` when the columns `K` have the same types on both sides, else a type that says which one has not. */
export type SameTypes<S, O, K> = [Differing<S, O, K>] extends [never]
  ? unknown
  : { error: `${Differing<S, O, K>} has another type on the other side: cast it on one` }

type OnOneSide<S, O> = (Exclude<keyof S, keyof O> | Exclude<keyof O, keyof S>) & string

/** `unknown` when both sides have the same columns, else a type that says which one is missing. */
export type SameColumns<S, O> = [OnOneSide<S, O>] extends [never]
  ? SameTypes<S, O, keyof S>
  : { error: `only one side has the column ${OnOneSide<S, O>}` }

type Nullable<S> = { [N in keyof S]: S[N] | null }

/** How rows without a partner are treated: dropped, kept on the left, kept on both sides, or looked at alone. */
export type How = 'inner' | 'left' | 'full' | 'semi' | 'anti'

/** The columns after a join: the keys once, those of a side that may be missing nullable. */
export type Joined<S, O, K, H> = H extends 'semi' | 'anti'
  ? S
  : H extends 'left'
    ? Simplify<S & Nullable<Omit<O, K & string>>>
    : H extends 'full'
      ? Simplify<{ [N in K & keyof S & keyof O]: S[N] | O[N] } & Nullable<Omit<S & O, K & string>>>
      : Simplify<S & Omit<O, K & string>>

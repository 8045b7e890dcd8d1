/** A type that holds one value. The names are Delta's and SQL's. */
export type Scalar = 'int' | 'bigint' | 'double' | 'string' | 'boolean' | 'date' | 'timestamp'

/** The types that calculate. They widen by themselves from left to right: int, bigint, double. */
export type Numeric = 'int' | 'bigint' | 'double'

/** A list. `ArrayOf<'string'>` holds no nulls, `ArrayOf<'string' | null>` may. */
export interface ArrayOf<out E> {
  readonly array: E
}

/** A record inside a column, its fields in order. */
export interface StructOf<out F> {
  readonly struct: F
}

/**
 * A column's type while the program runs; nulls are known to the compiler alone. `json` marks a document whose
 * scalars are still text as they stood in it: `fields` converts each one when it is asked for.
 */
export type Type = Scalar | { readonly array: Type } | { readonly struct: Fields } | { readonly json: Type }

/** Types by name, in order. */
export interface Fields {
  readonly [name: string]: Type
}

/**
 * What JavaScript sees of a column: numbers for int, bigint and double (a bigint beyond 2^53 is an error, never rounded),
 * text for dates (`2009-12-18`) and timestamps (`2025-12-09T10:45:30.000000Z`), arrays and plain objects.
 */
export type Value<T> = T extends null
  ? null
  : T extends Numeric
    ? number
    : T extends 'string' | 'date' | 'timestamp'
      ? string
      : T extends 'boolean'
        ? boolean
        : T extends ArrayOf<infer E>
          ? readonly Value<E>[]
          : T extends StructOf<infer F>
            ? { readonly [K in keyof F]: Value<F[K]> }
            : never

/** What may be written where a value of the type is meant. */
export type Literal<T> = T extends Numeric
  ? number
  : T extends 'string' | 'date'
    ? string
    : T extends 'timestamp'
      ? string | Date
      : T extends 'boolean'
        ? boolean
        : never

/** A document's type with a null at every field and element, since JSON promises nothing. */
export type Json<T> =
  T extends ArrayOf<infer E>
    ? ArrayOf<Json<E> | null>
    : T extends StructOf<infer F>
      ? StructOf<{ [K in keyof F]: Json<F[K]> | null }>
      : T

/** The same type, spelt out for whoever reads it in an editor. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {}

/** The type of arrays of `element`. */
export const arrayOf = <const E extends Type>(element: E): ArrayOf<E> => ({ array: element })

/** The type of records with these fields. Throws TypeError on names that differ only by case. */
export const structOf = <const F extends Fields>(fields: F): StructOf<F> => {
  checkNames(Object.keys(fields), 'field')
  return { struct: fields }
}

/** The type as SQL writes it, for messages: `array<struct<id bigint>>`. */
export function typeName(type: Type): string {
  if (typeof type === 'string') return type
  if ('json' in type) return typeName(type.json)
  if ('array' in type) return `array<${typeName(type.array)}>`
  return `struct<${Object.entries(type.struct)
    .map(([name, field]) => `${name} ${typeName(field)}`)
    .join(', ')}>`
}

/** The wider of two numeric types. Throws on others: the compiler has let nothing else come here. */
export function wider(a: Type, b: Type): Numeric {
  const order = ['int', 'bigint', 'double'] as const
  const found = order.findLast((numeric) => numeric === a || numeric === b)
  if (found === undefined) throw new Error(`no numeric type in ${typeName(a)}, ${typeName(b)}`)
  return found
}

/** Whether two types are the same, field by field, documents being another type than what they are read as. */
export const isSameType = (a: Type, b: Type): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Throws TypeError unless there are names, none of them empty and no two equal but for case, which engines take for one. */
export function checkNames(names: readonly string[], what: 'column' | 'field'): void {
  if (names.length === 0) throw new TypeError(`no ${what}s: there must be one at least`)
  const seen = new Map<string, string>()
  for (const name of names) {
    const known = seen.get(name.toLowerCase())
    if (name === '') throw new TypeError(`a ${what} without a name`)
    if (known !== undefined)
      throw new TypeError(`${what}s ${known} and ${name} differ only by case, which engines do not tell apart`)
    seen.set(name.toLowerCase(), name)
  }
}

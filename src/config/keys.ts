import { configJsonSchema } from './schema.ts'

/** A JSON Schema, as far as the config uses it. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly minItems?: number
  readonly examples?: readonly unknown[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
}

/** One key of the config: `tmdb.rate_per_second`. */
export interface Setting {
  readonly key: string
  readonly about: string
  /** What it may be, in words. */
  readonly allowed: string
  readonly default: unknown
  readonly schema: JsonSchema
}

/** The JSON Schema all settings are read off. */
export const root = configJsonSchema() as JsonSchema

/** The settings that are maps of settings, such as `tmdb`, with what they are about. */
export const groups: ReadonlyMap<string, string> = new Map(
  Object.entries(root.properties ?? {})
    .filter(([, schema]) => schema.properties !== undefined)
    .map(([name, schema]) => [name, schema.description ?? '']),
)

/** Every setting by its key, in the order of the schema. */
export const settings: ReadonlyMap<string, Setting> = new Map(
  Object.entries(root.properties ?? {})
    .flatMap(([name, schema]): [string, JsonSchema][] =>
      schema.properties === undefined
        ? [[name, schema]]
        : Object.entries(schema.properties).map(([inner, leaf]) => [`${name}.${inner}`, leaf]),
    )
    .map(([key, schema]) => [
      key,
      { key, schema, about: schema.description ?? '', allowed: allowed(schema), default: schema.default },
    ]),
)

/** What a value may be, in words: `a whole number from 1 to 100, or null`. */
export function allowed(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(allowed).join(', or ')
  if (schema.enum !== undefined)
    return schema.enum.length === 1 ? String(schema.enum[0]) : `one of ${schema.enum.join(', ')}`
  if (schema.type === 'null') return 'null'
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'integer') return `a whole number${range(schema)}`
  if (schema.type === 'number') return `a number${range(schema)}`
  if (schema.type === 'array')
    return `a list${schema.minItems === undefined ? '' : ', not empty,'} of ${elements(schema)}`
  if (schema.type === 'object') return schema.properties === undefined ? 'a map' : `a map with ${fields(schema)}`
  if (schema.examples !== undefined) return `text such as ${schema.examples.join(' or ')}`
  return schema.minLength === undefined ? 'text' : 'text that is not empty'
}

/** The schema at a path of keys and list places; undefined where the config has nothing. */
export function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root
  for (const step of path) {
    const more: JsonSchema | boolean | undefined = schema?.additionalProperties
    schema =
      typeof step === 'number'
        ? schema?.items
        : (schema?.properties?.[String(step)] ?? (typeof more === 'object' ? more : undefined))
  }
  return schema
}

/** The name most like `wanted`, if one is: `tmdb.rate_per_secnd` finds `tmdb.rate_per_second`. */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  const ranked = [...names]
    .map((name) => ({ name, edits: Math.min(distance(wanted, name), distance(wanted, lastOf(name)) + 1) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  return best !== undefined && best.edits <= Math.max(2, wanted.length / 3) ? best.name : undefined
}

const lastOf = (key: string): string => key.slice(key.lastIndexOf('.') + 1)

// how many letters must be added, dropped or changed: https://en.wikipedia.org/wiki/Levenshtein_distance
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  return minimum === undefined ? '' : ` of at least ${minimum}`
}

const fields = (schema: JsonSchema): string => Object.keys(schema.properties ?? {}).join(', ')

function elements({ items }: JsonSchema): string {
  if (items?.type === 'integer') return `whole numbers${range(items)}`
  return items?.examples === undefined ? 'texts' : `texts such as ${items.examples.join(' or ')}`
}

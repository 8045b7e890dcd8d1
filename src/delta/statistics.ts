import { z } from 'zod'
import type { AddFile } from './actions.ts'
import { parseExactly } from './exact-json.ts'
import type { DeltaField, DeltaType } from './schema.ts'

/** What is known of one leaf column of a data file. Values are text: integers in digits, dates `2009-12-18`, instants in UTC `2025-12-09 10:45:30.5`, with up to six digits. */
export interface ColumnStatistics {
  /** The column, or the fields down to it. */
  readonly path: readonly string[]
  readonly min?: string
  readonly max?: string
  readonly nullCount?: string
  readonly hasNan?: boolean
}

/** What is known of a data file that was just written. */
export interface FileStatistics {
  readonly rows: number
  readonly columns: readonly ColumnStatistics[]
}

// raw JSON text at the leaves: numbers go through without becoming JavaScript numbers
type Tree = Map<string, Tree | string>

/** The `stats` of a file, JSON text. Bounds that would mislead a reader are left out: of floats with NaN or infinities, of lists and maps, of types not listed here. */
export function renderStatistics(statistics: FileStatistics, schema: readonly DeltaField[]): string {
  const min: Tree = new Map()
  const max: Tree = new Map()
  const nulls: Tree = new Map()
  for (const column of statistics.columns) {
    const type = leafType(schema, column.path)
    if (type === undefined) continue
    if (column.nullCount !== undefined) put(nulls, column.path, column.nullCount)
    const bounds = column.min === undefined || column.max === undefined ? undefined : boundsOf(type, column)
    if (bounds === undefined) continue
    put(min, column.path, bounds[0])
    put(max, column.path, bounds[1])
  }
  return `{"numRecords":${statistics.rows},"minValues":${render(min)},"maxValues":${render(max)},"nullCount":${render(nulls)},"tightBounds":true}`
}

function leafType(schema: readonly DeltaField[], [name, ...rest]: readonly string[]): string | undefined {
  const type: DeltaType | undefined = schema.find((field) => field.name === name)?.type
  if (type === undefined || typeof type === 'string') return rest.length === 0 ? type : undefined
  return type.type === 'struct' && rest.length > 0 ? leafType(type.fields, rest) : undefined
}

function boundsOf(type: string, { min = '', max = '', hasNan }: ColumnStatistics): [string, string] | undefined {
  if (['long', 'integer', 'short', 'byte'].includes(type) || type.startsWith('decimal')) return [min, max]
  if (type === 'double' || type === 'float')
    return hasNan === true || ![min, max].every((bound) => Number.isFinite(Number(bound)))
      ? undefined
      : [floatText(type, min), floatText(type, max)]
  if (type === 'date')
    return [min, max].every((bound) => /^\d{4}-\d\d-\d\d$/.test(bound))
      ? [JSON.stringify(min), JSON.stringify(max)]
      : undefined
  if (type === 'timestamp') return instantBounds(min, max, 'Z')
  if (type === 'timestamp_ntz') return instantBounds(min, max, '')
  return type === 'string' ? [JSON.stringify(cut(min)), JSON.stringify(cutAbove(max))] : undefined
}

// what a float is as a double, lest bounds be none when the column is widened: the shortest text of a float may be that of a lesser double
const floatText = (type: string, value: string): string =>
  JSON.stringify(type === 'float' ? Math.fround(Number(value)) : Number(value))

const instantForm = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00)?$/

// readers hold milliseconds: the lower bound is rounded down, the upper one up
function instantBounds(min: string, max: string, zone: string): [string, string] | undefined {
  const low = millisOf(min)
  const high = millisOf(max)
  if (low === undefined || high === undefined) return undefined
  const above = new Date(Date.parse(`${high.text}Z`) + (high.isRest ? 1 : 0)).toISOString().slice(0, -1)
  // the last microseconds of 9999 have no millisecond above that readers could parse
  return above.startsWith('+') ? undefined : [JSON.stringify(low.text + zone), JSON.stringify(above + zone)]
}

/** An instant cut to milliseconds, as ISO without a zone, and whether that took something from it. */
function millisOf(value: string): { readonly text: string; readonly isRest: boolean } | undefined {
  const [, day, time, fraction = ''] = instantForm.exec(value) ?? []
  if (day === undefined) return undefined
  const micros = fraction.padEnd(6, '0')
  return { text: `${day}T${time ?? ''}.${micros.slice(0, 3)}`, isRest: micros.slice(3) !== '000' }
}

const cutLength = 32
const last = '\u{10FFFF}'
const cut = (text: string): string => [...text].slice(0, cutLength).join('')

/** A text that is not below this one nor below any that begins alike: cut where the last character there is, in place of the rest, lies above it. */
function cutAbove(text: string): string {
  const characters = [...text]
  const end = characters.findIndex((character, i) => i >= cutLength && character !== last)
  return end < 0 ? text : `${characters.slice(0, end).join('')}${last}`
}

function put(tree: Tree, [name = '', ...rest]: readonly string[], raw: string): void {
  if (rest.length === 0) {
    tree.set(name, raw)
    return
  }
  const known = tree.get(name)
  const inner: Tree = known instanceof Map ? known : new Map()
  tree.set(name, inner)
  put(inner, rest, raw)
}

const render = (tree: Tree | string): string =>
  typeof tree === 'string'
    ? tree
    : `{${[...tree].map(([name, inner]) => `${JSON.stringify(name)}:${render(inner)}`).join(',')}}`

const rows = z.object({ numRecords: z.number().nullish() })

/** How many rows a file has, those behind its deletion vector included; undefined when the log does not say. */
export function rowCount(file: AddFile): number | undefined {
  const parsed = rows.safeParse(parse(file, JSON.parse))
  return parsed.success ? (parsed.data.numRecords ?? undefined) : undefined
}

/** How many rows of a file count; undefined when the log does not say. */
export function liveRowCount(file: AddFile): number | undefined {
  const all = rowCount(file)
  return all === undefined ? undefined : all - (file.deletionVector?.cardinality ?? 0)
}

/** What the log knows of a column in a file. The bounds are text, as statistics write them; deleted rows count. */
export interface KnownColumn {
  readonly min?: string
  readonly max?: string
  readonly nulls?: bigint
  readonly rows?: bigint
}

/** What the statistics of a file say of a column, or of a field by the names down to it. They are parsed when they are asked first, and once. */
export function statisticsOf(file: AddFile): (path: readonly string[]) => KnownColumn {
  let parsed: { readonly tree: unknown } | undefined
  return (path) => {
    parsed ??= { tree: parse(file, parseExactly) }
    return knownColumn(parsed.tree, path)
  }
}

function knownColumn(tree: unknown, path: readonly string[]): KnownColumn {
  const [min, max, nulls] = ['minValues', 'maxValues', 'nullCount'].map((name) => leaf(tree, [name, ...path]))
  const all = leaf(tree, ['numRecords'])
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(nulls !== undefined && isCount(nulls) && { nulls: BigInt(nulls) }),
    ...(all !== undefined && isCount(all) && { rows: BigInt(all) }),
  }
}

const isCount = (text: string): boolean => /^\d+$/.test(text)

function leaf(tree: unknown, [name = '', ...rest]: readonly string[]): string | undefined {
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, name)) return undefined
  const inner: unknown = Reflect.get(tree, name)
  if (rest.length > 0) return leaf(inner, rest)
  return typeof inner === 'string' ? inner : undefined
}

function parse({ stats }: AddFile, parser: (json: string) => unknown): unknown {
  if (!stats) return undefined
  try {
    return parser(stats)
  } catch {
    // statistics are a hint: without them a file is read
    return undefined
  }
}

import type { AddFile } from './actions.ts'
import { mappingMode, physicalName, type MappingMode } from './column-mapping.ts'
import { everyRow, type Comparison, type Condition, type Literal } from './condition.ts'
import { partitionValue } from './partition.ts'
import type { DeltaField, DeltaType } from './schema.ts'
import type { Snapshot } from './snapshot.ts'
import { statisticsOf, type KnownColumn } from './statistics.ts'
import { wasFloat } from './type-widening.ts'

type Skippable = Pick<Snapshot, 'schema' | 'metadata' | 'protocol'>

/** The files that may hold rows which meet the condition. A file is left out only when the log proves that it holds none. */
export const filesThatMayHold = (snapshot: Snapshot, condition: Condition): readonly AddFile[] =>
  [...snapshot.files.values()].filter((file) => mayHold(snapshot, file, condition))

/** False when the statistics or the partition values of a file prove that it holds no row which meets the condition. */
export const mayHold = (table: Skippable, file: AddFile, condition: Condition): boolean =>
  mayHoldBy(statisticsOf(file), table, file, condition)

function mayHoldBy(
  statistics: ReturnType<typeof statisticsOf>,
  table: Skippable,
  file: AddFile,
  condition: Condition,
): boolean {
  if ('all' in condition) return condition.all.every((one) => mayHoldBy(statistics, table, file, one))
  if ('any' in condition) return condition.any.some((one) => mayHoldBy(statistics, table, file, one))
  const mode = mappingMode(table)
  const field = fieldAt(table.schema, condition.column, mode)
  if (field === undefined) return true
  const partition = partitioned(table, field, file)
  const known = partition ?? statistics(field.path)
  if ('isNull' in condition) return mayBeNull(known, condition.isNull)
  if (known.nulls !== undefined && known.nulls === known.rows) return false
  return mayCompare(field.type, known, condition, partition !== undefined)
}

/** The condition that a column lies between two values, which are given as text: integers as digits, dates and instants as ISO. */
export function between(schema: readonly DeltaField[], name: string, min: string, max: string): Condition {
  const type = schema.find((field) => field.name === name)?.type
  const kind = type === undefined ? undefined : literalKind(type)
  if (kind === undefined) return everyRow
  const compare = (is: '>=' | '<=', text: string): Comparison => ({ column: [name], is, value: { kind, text } })
  return { all: [compare('>=', min), compare('<=', max)] }
}

interface Found {
  readonly type: DeltaType
  /** Where statistics have it. */
  readonly path: readonly string[]
}

/** A column by its name, or a field in one by the names down to it, without regard to case. */
function fieldAt(
  fields: readonly DeltaField[],
  [name = '', ...rest]: readonly string[],
  mode: MappingMode,
): Found | undefined {
  const field = fields.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (field === undefined) return undefined
  const physical = physicalName(field, mode)
  // bounds of floats are texts that another double may have
  if (rest.length === 0) return { type: wasFloat(field) ? 'float' : field.type, path: [physical] }
  if (typeof field.type === 'string' || field.type.type !== 'struct') return undefined
  const inner = fieldAt(field.type.fields, rest, mode)
  return inner && { type: inner.type, path: [physical, ...inner.path] }
}

/** What the log knows of a partition column, of which all rows of a file have one value; undefined for other columns. */
function partitioned(
  { metadata, schema, protocol }: Skippable,
  { path }: Found,
  file: AddFile,
): KnownColumn | undefined {
  const mode = mappingMode({ metadata, protocol })
  const columns = schema.filter(({ name }) => metadata.partitionColumns.includes(name))
  const [physical = '', ...fields] = path
  if (fields.length > 0 || !columns.some((field) => physicalName(field, mode) === physical)) return undefined
  const value = partitionValue(file.partitionValues, physical)
  return value === null ? { rows: 1n, nulls: 1n } : { rows: 1n, nulls: 0n, min: value, max: value }
}

function mayBeNull({ rows, nulls }: KnownColumn, isNull: boolean): boolean {
  if (nulls === undefined) return true
  return isNull ? nulls > 0n : nulls !== rows
}

function mayCompare(type: DeltaType, known: KnownColumn, { is, value }: Comparison, isPartition: boolean): boolean {
  // the zone of an instant in a partition's value is that of whoever wrote it
  if (isPartition && type === 'timestamp') return true
  const sought = soughtKey(type, value)
  const [min, max] = [known.min, known.max].map((bound) => (bound === undefined ? undefined : storedKey(type, bound)))
  if (sought === undefined || min === undefined || max === undefined) return true
  // bounds in milliseconds may have been cut off
  const above = typeof max === 'bigint' && isInstant(type) && !isPartition ? max + 999n : max
  const isNotBelow = is === '=' || is === '>' || is === '>='
  const isNotAbove = is === '=' || is === '<' || is === '<='
  // NaN is greater than all numbers, and some writers leave it out of the bounds
  const hidesNan = type === 'double' && is !== '='
  if (isNotBelow && !hidesNan && (above < sought || (is === '>' && above === sought))) return false
  return !(isNotAbove && (min > sought || (is === '<' && min === sought)))
}

/** What values of a type are ordered by. Text is ordered by its bytes, as in Delta and Parquet, not by its UTF-16 units. */
type Key = bigint | number | string

const integers: readonly DeltaType[] = ['byte', 'short', 'integer', 'long']
const isDecimal = (type: DeltaType): boolean => typeof type === 'string' && type.startsWith('decimal')
const isInstant = (type: DeltaType): boolean => type === 'timestamp' || type === 'timestamp_ntz'

/** The kind of literal that has the very values of a type; undefined where values are not ordered alike everywhere. */
function literalKind(type: DeltaType): Literal['kind'] | undefined {
  if (integers.includes(type)) return 'integer'
  if (isDecimal(type)) return 'decimal'
  if (isInstant(type)) return 'timestamp'
  return ({ double: 'double', string: 'text', date: 'date' } as const)[String(type)]
}

// a literal of another kind may be cast, or make the column be cast, with rounding that bounds know nothing of
const alike: Readonly<Record<Literal['kind'], readonly Literal['kind'][]>> = {
  integer: ['integer'],
  decimal: ['integer', 'decimal'],
  double: ['integer', 'decimal', 'double'],
  text: ['text'],
  date: ['date', 'text'],
  timestamp: ['timestamp', 'text'],
}

function soughtKey(type: DeltaType, { kind, text }: Literal): Key | undefined {
  const own = literalKind(type)
  if (own === undefined || !alike[own].includes(kind)) return undefined
  if (type === 'double' && kind === 'decimal' && !isDoubleAlike(text)) return undefined
  // statistics have no word for it, conditions do
  if (type === 'double' && /^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return isInstant(type) ? instantKey(text, 'Z') : storedKey(type, text)
}

/** The key of a value as statistics and partition values write it; undefined when it is not of the type. */
function storedKey(type: DeltaType, text: string): Key | undefined {
  if (integers.includes(type)) return /^[+-]?\d+$/.test(text) ? decimalKey(text) : undefined
  if (isDecimal(type)) return decimalKey(text)
  if (type === 'string') return Buffer.from(text).toString('latin1')
  if (type === 'date') return /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined
  if (type === 'timestamp') return instantKey(text)
  if (type === 'timestamp_ntz') return instantKey(text.replace(/Z$/, ''), 'Z')
  if (type !== 'double' || !decimalForm.test(text)) return undefined
  return Number(text)
}

const decimalForm = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/
const scale = 40

/** Whether a decimal is the same double everywhere: DuckDB divides its digits by a power of ten, which rounds once only where doubles have both. */
function isDoubleAlike(text: string): boolean {
  const [, , whole = '', fraction = '', exponent = '0'] = decimalForm.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  return digits.length <= 15 && fraction.length - Number(exponent) <= 22
}

/** A number times 10^40, exactly; undefined for one that has more digits behind its point. */
function decimalKey(text: string): bigint | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = decimalForm.exec(text) ?? []
  if (whole === undefined) return undefined
  const shift = scale - fraction.length + Number(exponent)
  if (shift < 0) return undefined
  return BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`) * 10n ** BigInt(shift)
}

const instantForm = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/

/** Microseconds since 1970. `zone` is meant by a text without one, and then no other may stand there. */
function instantKey(text: string, zone?: 'Z'): bigint | undefined {
  const [, day, time = '00:00:00', fraction = '', written] = instantForm.exec(text) ?? []
  if (day === undefined || (zone === undefined && written === undefined)) return undefined
  if (zone !== undefined && written !== undefined && !/^(Z|\+00(:?00)?)$/.test(written)) return undefined
  const offset = zone ?? (written?.length === 3 ? `${written}:00` : written)
  const millis = Date.parse(`${day}T${time}${offset ?? ''}`)
  return Number.isNaN(millis) ? undefined : BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

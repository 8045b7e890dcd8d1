import type { At, DeltaTable, DeltaType } from '../delta-table/index.ts'
import { formatBytes, formatInstant, formatNumber } from '../report/numbers.ts'
import type { Context } from './context.ts'
import { exactJson } from './exact-json.ts'
import { parseInstant } from './instant.ts'
import { textTable, type TextColumn } from './text-table.ts'

interface MomentFlags {
  readonly version?: number
  readonly asOf?: string
}

interface FilesFlags extends MomentFlags {
  readonly where?: string
}

interface RowsFlags extends FilesFlags {
  readonly columns?: string
  readonly limit?: number
}

interface ChangesFlags {
  readonly from: number
  readonly to?: number
  readonly key?: string
}

/** Prints rows of any Delta table, one JSON object a line. */
export function deltaRows(context: Context, flags: RowsFlags, [path = '']: readonly string[]): Promise<number> {
  const { columns, where, limit } = flags
  return withTable(context, path, async (table) => {
    const batches = table.batches({
      ...momentOf(flags),
      ...(columns !== undefined && { columns: listOf(columns) }),
      ...(where !== undefined && { where }),
      ...(limit !== undefined && { limit }),
      signal: context.io.signal,
    })
    for await (const batch of batches) context.out.write(batch.map((row) => `${exactJson(row)}\n`).join(''))
  })
}

/** Prints the columns of any Delta table. */
export function deltaSchema(context: Context, flags: MomentFlags, [path = '']: readonly string[]): Promise<number> {
  return withTable(context, path, async (table) => {
    const schema = await table.schema(momentOf(flags))
    const { partitionColumns } = await table.metadata(momentOf(flags))
    if (context.flags.json === true) return context.json({ columns: schema, partitionColumns })
    const rows = schema.map(({ name, type, nullable, metadata }) => [
      name,
      typeName(type),
      [nullable ? '' : 'not null', partitionColumns.includes(name) ? 'partition' : ''].filter(Boolean).join(', '),
      typeof metadata['comment'] === 'string' ? metadata['comment'] : '',
    ])
    print(context, [{ title: 'column' }, { title: 'type' }, { title: '' }, { title: 'comment', isElastic: true }], rows)
  })
}

/** Prints the commits of any Delta table, newest first. */
export function deltaHistory(context: Context, _: object, [path = '']: readonly string[]): Promise<number> {
  return withTable(context, path, async (table) => {
    const commits = await table.history()
    if (context.flags.json === true) return context.json(commits)
    const rows = commits.map(({ version, timestamp, operation, engine, metrics }) => [
      String(version),
      formatInstant(timestamp),
      operation,
      engine ?? '-',
      Object.entries(metrics)
        .filter(([, value]) => Number(value) > 0)
        .map(([name, value]) => `${name.replace(/^num(Target)?/, '')} ${formatNumber(Number(value), 'count')}`)
        .join(', '),
    ])
    const titles = ['committed (UTC)', 'operation', 'engine'].map((title) => ({ title }))
    print(context, [{ title: 'version', isRight: true }, ...titles, { title: 'metrics', isElastic: true }], rows)
  })
}

/** Prints the data files of any Delta table, or those that are read for a condition. */
export function deltaFiles(context: Context, flags: FilesFlags, [path = '']: readonly string[]): Promise<number> {
  return withTable(context, path, async (table) => {
    const { where } = flags
    const files = await table.files({ ...momentOf(flags), ...(where !== undefined && { where }) })
    if (context.flags.json === true) return context.json(files)
    const rows = files.map((file) => [
      file.path,
      file.rows === undefined ? '?' : formatNumber(file.rows, 'count'),
      file.deletedRows === 0 ? '' : formatNumber(file.deletedRows, 'count'),
      formatBytes(file.sizeBytes),
    ])
    const numbers = ['rows', 'hidden', 'size'].map((title) => ({ title, isRight: true }))
    print(context, [{ title: 'file', isElastic: true }, ...numbers], rows)
  })
}

/** Prints the rows that commits of any Delta table brought, took or changed, one JSON object a line. */
export function deltaChanges(context: Context, flags: ChangesFlags, [path = '']: readonly string[]): Promise<number> {
  const { from, to, key } = flags
  return withTable(context, path, async (table) => {
    const range = { from, ...(to !== undefined && { to }), ...(key !== undefined && { key: listOf(key) }) }
    let count = 0
    for await (const { change, version, timestamp, row } of table.changes(range)) {
      const named = { _change_type: change, _commit_version: version, _commit_timestamp: timestamp }
      context.out.line(exactJson({ ...row, ...named }))
      count += 1
    }
    if (count === 0) context.err.line(`no rows changed from version ${from} on; the newest is ${await table.version()}`)
  })
}

async function withTable(
  context: Context,
  path: string,
  work: (table: DeltaTable) => Promise<unknown>,
): Promise<number> {
  const { openDelta } = await import('../delta-table/index.ts')
  const table = await openDelta(path, { signal: context.io.signal })
  try {
    await work(table)
    return 0
  } finally {
    await table.close()
  }
}

const momentOf = ({ version, asOf }: MomentFlags): At => ({
  ...(version !== undefined && { version }),
  ...(asOf !== undefined && { asOf: parseInstant(asOf, '--as-of') }),
})

const listOf = (text: string): readonly string[] => text.split(',').map((name) => name.trim())

/** A type as SQL writes it. */
function typeName(type: DeltaType): string {
  if (typeof type === 'string') return type
  if (type.type === 'array') return `array<${typeName(type.elementType)}>`
  if (type.type === 'map') return `map<${typeName(type.keyType)}, ${typeName(type.valueType)}>`
  return `struct<${type.fields.map(({ name, type: of }) => `${name} ${typeName(of)}`).join(', ')}>`
}

function print({ out }: Context, columns: readonly TextColumn[], rows: readonly (readonly string[])[]): void {
  for (const line of textTable(columns, rows, Math.max(out.columns(), 100), (text) => out.styled('dim', text)))
    out.line(line)
}

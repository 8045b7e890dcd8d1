import type { Dialect, JoinKind } from './dialect.ts'
import type { Node, Order } from './node.ts'
import { renderNode, renderOrder } from './render.ts'

/** What a SELECT reads: a relation of the engine, another query, a join, a union, or SQL of the user's own. */
export type Source =
  | { readonly from: 'relation'; readonly sql: string }
  | { readonly from: 'query'; readonly query: Query }
  | {
      readonly from: 'join'
      readonly how: JoinKind
      readonly left: Query
      readonly right: Query
      readonly on: readonly string[] | Node
    }
  | { readonly from: 'union'; readonly inputs: readonly Query[]; readonly columns: readonly string[] }
  | { readonly from: 'sql'; readonly texts: readonly string[]; readonly args: readonly (Query | Node)[] }

/** One SELECT. A query that is nothing but its source (`isPlain`) adds no SQL of its own. */
export interface Query {
  readonly source: Source
  readonly columns: Readonly<Record<string, Node>>
  readonly isPlain: boolean
  readonly where?: Node
  readonly groupBy?: readonly string[]
  readonly isDistinct?: boolean
  readonly orderBy?: readonly Order[]
  readonly limit?: number
  readonly name?: string
  /** Joined to others, all its rows go to wherever those are. */
  readonly isBroadcast?: boolean
}

/** A query that is nothing but `source`. */
export const plain = (source: Source, columns: readonly string[]): Query => ({
  source,
  columns: Object.fromEntries(columns.map((name) => [name, { op: 'column', name }])),
  isPlain: true,
})

/** The queries a union would be made of: those of `query` if it is nothing but a union, else itself. */
export const unionInputs = (query: Query): readonly Query[] =>
  query.isPlain && query.source.from === 'union' ? query.source.inputs : [query]

/** The SQL of a query. Steps that SQL's clause order forbids to merge are named in a WITH clause, each once, however often it is read. */
export function renderQuery(query: Query, dialect: Dialect): string {
  const steps: string[] = []
  const names = new Map<Query, string>()
  // a step of a relation's name would hide it
  const used = relationsIn(query)

  function step(inner: Query): string {
    if (inner.isPlain && inner.source.from === 'relation') return inner.source.sql
    if (inner.isPlain && inner.source.from === 'query') return step(inner.source.query)
    const known = names.get(inner)
    if (known !== undefined) return known
    const body = select(inner)
    const name = dialect.identifier(unused(inner.name ?? `step_${steps.length + 1}`, used))
    names.set(inner, name)
    steps.push(`${name} AS (\n${body.map((clause) => `  ${clause}`).join('\n')}\n)`)
    return name
  }

  function from(source: Source): string {
    switch (source.from) {
      case 'relation':
        return source.sql
      case 'query':
        return step(source.query)
      case 'union':
        return `(\n  ${source.inputs.map((input) => `SELECT ${list(source.columns)} FROM ${step(input)}`).join('\n  UNION ALL ')}\n) AS u`
      case 'sql':
        return `(\n  ${source.texts.reduce((sql, text, i) => {
          const arg = source.args[i - 1]
          return sql + (arg === undefined ? '' : 'op' in arg ? renderNode(arg, dialect) : step(arg)) + text
        })}\n) AS q`
      case 'join': {
        const on = 'op' in source.on ? ` ON ${renderNode(source.on, dialect)}` : ` USING (${list(source.on)})`
        return `${step(source.left)} AS l\n${dialect.joins[source.how]} ${step(source.right)} AS r${on}`
      }
    }
  }

  const list = (columns: readonly string[]): string => columns.map((column) => dialect.identifier(column)).join(', ')

  // clauses, not text: indenting text would also indent the line ends inside of literals
  function select(inner: Query): readonly string[] {
    const items = Object.entries(inner.columns).map(([name, node]) => {
      const sql = renderNode(node, dialect)
      return sql === dialect.identifier(name) ? sql : `${sql} AS ${dialect.identifier(name)}`
    })
    const isSmall = inner.source.from === 'join' && inner.source.right.isBroadcast === true
    return [
      `SELECT ${isSmall ? dialect.broadcastRight : ''}${inner.isDistinct === true ? 'DISTINCT ' : ''}${items.join(', ')}`,
      `FROM ${from(inner.source)}`,
      ...(inner.where === undefined ? [] : [`WHERE ${renderNode(inner.where, dialect)}`]),
      ...(inner.groupBy === undefined || inner.groupBy.length === 0 ? [] : [`GROUP BY ${list(inner.groupBy)}`]),
      ...(inner.orderBy === undefined ? [] : [`ORDER BY ${renderOrder(inner.orderBy, dialect)}`]),
      ...(inner.limit === undefined ? [] : [`LIMIT ${inner.limit}`]),
    ]
  }

  const body = select(query).join('\n')
  return steps.length === 0 ? body : `WITH ${steps.join(',\n')}\n${body}`
}

function relationsIn(query: Query, found = new Set<string>(), seen = new Set<Query>()): Set<string> {
  if (seen.has(query)) return found
  seen.add(query)
  const { source } = query
  if (source.from === 'relation') found.add(source.sql.replaceAll(/["`]/g, '').toLowerCase())
  else for (const inner of inputsOf(source)) relationsIn(inner, found, seen)
  return found
}

function inputsOf(source: Source): readonly Query[] {
  switch (source.from) {
    case 'relation':
      return []
    case 'query':
      return [source.query]
    case 'union':
      return source.inputs
    case 'join':
      return [source.left, source.right]
    case 'sql':
      return source.args.filter((arg): arg is Query => !('op' in arg))
  }
}

/** The query with a subset of its own columns, when naming them changes nothing else; undefined when that takes a step of its own. */
export function narrowed(query: Query, columns: Readonly<Record<string, Node>>): Query | undefined {
  const picked = Object.values(columns).map((node) =>
    node.op === 'column' && node.side === undefined ? node.name : undefined,
  )
  // a generator makes rows: it may be neither dropped nor doubled
  const makesRows = Object.values(query.columns).some(
    (node) => node.op === 'json' || (node.op === 'call' && (node.name === 'explode' || node.name === 'explode_outer')),
  )
  if (
    makesRows ||
    query.isDistinct === true ||
    query.orderBy !== undefined ||
    query.name !== undefined ||
    picked.length === 0 ||
    picked.includes(undefined)
  )
    return undefined
  return {
    ...query,
    columns: Object.fromEntries(
      Object.keys(columns).map((name, i) => [name, query.columns[picked[i] ?? ''] ?? unknownNode(name)]),
    ),
    isPlain: false,
  }
}

function unknownNode(name: string): never {
  throw new TypeError(`no column ${name}`)
}

function unused(wanted: string, used: Set<string>): string {
  let name = wanted
  for (let n = 2; used.has(name.toLowerCase()); n += 1) name = `${wanted}_${n}`
  used.add(name.toLowerCase())
  return name
}

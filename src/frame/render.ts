import type { Dialect } from './dialect.ts'
import { columnsIn, type Node, type Order, type Window } from './node.ts'
import { typeName, type Type } from './types.ts'

/** The SQL of one expression. Parameters of lambdas are named by depth, so the same expression always gives the same text. */
export function renderNode(node: Node, dialect: Dialect, scope: ReadonlyMap<object, string> = new Map()): string {
  const render = (inner: Node): string => renderNode(inner, dialect, scope)
  switch (node.op) {
    case 'column':
      return (node.side === undefined ? '' : `${node.side}.`) + dialect.identifier(node.name)
    case 'literal':
      return renderLiteral(node.value, node.type, dialect)
    case 'cast':
      return `CAST(${render(node.arg)} AS ${dialect.type(node.type)})`
    case 'field':
      return dialect.field(render(node.of), node.name)
    case 'struct':
      return dialect.struct(node.fields.map(([name, field]) => [name, render(field)]))
    case 'parameter':
      return scope.get(node.of) ?? outsideOfLambda()
    case 'json':
      return dialect.json(render(node.text), node.type)
    case 'call':
      return dialect.functions[node.name](
        node.args.map(render),
        node.window === undefined ? '' : renderWindow(node.window, dialect),
      )
    case 'sql':
      return node.texts.reduce((sql, text, i) => {
        const arg = node.args[i - 1]
        return sql + (arg === undefined ? '' : render(arg)) + text
      })
    case 'lambda': {
      const columns = columnsIn(node.body)
      const names = node.parameters.map((_, i) => parameterName(scope.size + i + 1, columns))
      const inner = new Map([...scope, ...node.parameters.map((parameter, i) => [parameter, names[i] ?? ''] as const)])
      return dialect.lambda(names, renderNode(node.body, dialect, inner))
    }
  }
}

/** An ORDER BY list. Nulls last is written out: the engines' defaults differ for ascending order. */
export const renderOrder = (order: readonly Order[], dialect: Dialect): string =>
  order.map(({ by, direction }) => `${renderNode(by, dialect)} ${direction.toUpperCase()} NULLS LAST`).join(', ')

function renderLiteral(value: string | number | boolean | null, type: Type, dialect: Dialect): string {
  if (value === null) return `CAST(NULL AS ${dialect.type(type)})`
  if (typeof value === 'boolean') return String(value)
  if (type === 'int') return value.toString()
  if (type === 'bigint') return `CAST(${value} AS BIGINT)`
  if (typeof value === 'number') return Number.isFinite(value) ? doubleLiteral(value) : `CAST('${value}' AS DOUBLE)`
  if (type === 'date') return `DATE ${dialect.text(value)}`
  if (type === 'timestamp') return `CAST(${dialect.text(value)} AS ${dialect.type(type)})`
  if (type === 'string') return dialect.text(value)
  throw new Error(`no literal of type ${typeName(type)}`)
}

// 1.5 is a decimal in SQL, 1.5e0 a double
const doubleLiteral = (value: number): string => {
  const text = Object.is(value, -0) ? '-0' : String(value)
  return text.includes('e') ? text : `${text}e0`
}

// a parameter hides a column of its name
function parameterName(place: number, columns: ReadonlySet<string>): string {
  let name = `e${place}`
  while (columns.has(name)) name = `${name}_`
  return name
}

const bound = (n: number): string =>
  n === 0 ? 'CURRENT ROW' : `${Number.isFinite(n) ? Math.abs(n) : 'UNBOUNDED'} ${n < 0 ? 'PRECEDING' : 'FOLLOWING'}`

function renderWindow(window: Window, dialect: Dialect): string {
  const parts = [
    ...(window.partitionBy.length > 0
      ? [`PARTITION BY ${window.partitionBy.map((node) => renderNode(node, dialect)).join(', ')}`]
      : []),
    ...(window.orderBy.length > 0 ? [`ORDER BY ${renderOrder(window.orderBy, dialect)}`] : []),
    ...(window.rows === undefined ? [] : [`ROWS BETWEEN ${bound(window.rows[0])} AND ${bound(window.rows[1])}`]),
  ]
  return ` OVER (${parts.join(' ')})`
}

function outsideOfLambda(): never {
  throw new Error('the element of an array was used outside of its function')
}

import { textWidthPx } from '../../../report/charts/text.ts'
import type { Lineage, LineageTable } from '../../api-types.ts'

/** A table at its place in the picture, in pixels. */
export interface Place {
  readonly table: LineageTable
  readonly x: number
  readonly y: number
  readonly width: number
}

/** The picture of lineage: every table right of all that it is made from. */
export interface LineageLayout {
  readonly places: readonly Place[]
  readonly edges: readonly { readonly from: Place; readonly to: Place }[]
  readonly width: number
  readonly height: number
}

/** The height of a table's box, and how far its name is from the ends. */
export const boxPx = { height: 24, inset: 9 } as const
const gapPx = { x: 64, y: 10 } as const
const marginPx = 2

/** Where each table stands: a column for each number of steps from the sources, as wide as its longest name, in it in the order of those it is made from. */
export function layOut({ tables, edges }: Lineage): LineageLayout {
  const inputs = new Map(
    tables.map(({ table }) => [table, edges.filter(({ to }) => to === table).map(({ from }) => from)]),
  )
  const columns = columnsOf(tables, inputs)
  const most = Math.max(0, ...columns.map((column) => column.length))
  const height = most * (boxPx.height + gapPx.y) - gapPx.y + 2 * marginPx
  const places = new Map<string, Place>()
  let x: number = marginPx
  for (const column of columns) {
    const width = Math.ceil(Math.max(...column.map(({ table }) => textWidthPx(table)))) + 2 * boxPx.inset
    const ordered = column.toSorted(
      (a, b) => middleOf(inputs.get(a.table), places) - middleOf(inputs.get(b.table), places),
    )
    const top = (height - ordered.length * (boxPx.height + gapPx.y) + gapPx.y) / 2
    for (const [row, table] of ordered.entries())
      places.set(table.table, {
        table,
        x,
        y: top + row * (boxPx.height + gapPx.y),
        width,
      })
    x += width + gapPx.x
  }
  return {
    places: [...places.values()],
    edges: edges.flatMap(({ from, to }) => {
      const [start, end] = [places.get(from), places.get(to)]
      return start === undefined || end === undefined ? [] : [{ from: start, to: end }]
    }),
    width: Math.max(0, x - gapPx.x) + marginPx,
    height,
  }
}

type Inputs = ReadonlyMap<string, readonly string[]>

/** Tables by how many steps they are from the sources, along the longest way. */
function columnsOf(tables: readonly LineageTable[], inputs: Inputs): readonly (readonly LineageTable[])[] {
  const depths = new Map<string, number>()
  const depthOf = (table: string): number => {
    const known = depths.get(table)
    if (known !== undefined) return known
    const depth = Math.max(-1, ...(inputs.get(table) ?? []).map(depthOf)) + 1
    depths.set(table, depth)
    return depth
  }
  const columns: LineageTable[][] = []
  for (const table of tables) (columns[depthOf(table.table)] ??= []).push(table)
  return Array.from(columns, (column) => column ?? [])
}

function middleOf(inputs: readonly string[] | undefined, places: ReadonlyMap<string, Place>): number {
  const heights = (inputs ?? []).flatMap((input) => places.get(input)?.y ?? [])
  return heights.length === 0 ? 0 : heights.reduce((sum, y) => sum + y, 0) / heights.length
}

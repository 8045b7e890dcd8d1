import type { AnyFrame } from '../frame/index.ts'
import type { Table } from '../table.ts'

/** The frames a table is built from, by the names it calls them. */
export function inputsOf(
  table: Table<object>,
  frames: ReadonlyMap<Table<object>, AnyFrame>,
): Readonly<Record<string, AnyFrame>> {
  return Object.fromEntries(
    Object.entries(table.inputs).map(([name, input]) => {
      const frame = frames.get(input)
      if (frame === undefined) throw new Error(`${table.name} is built before ${input.name}`)
      return [name, frame]
    }),
  )
}

import type { RenderFunction } from '@observablehq/plot'

/** What a mark stands for. */
export interface Meaning {
  /** What it filters the films by, `genre=Drama`, as the mark's attribute `data-filter`; undefined when by nothing. */
  readonly filter?: string | undefined
  /** What it says when pointed at, as the mark's `title`. */
  readonly tip: string
}

/** A mark option: each element of the mark carries what its row means. */
export function clickable<Row>(
  rows: readonly Row[],
  meaningOf: (row: Row) => Meaning,
): { readonly render: RenderFunction } {
  return {
    render: (index, scales, values, dimensions, context, next) => {
      const group = next?.(index, scales, values, dimensions, context) ?? null
      for (const [at, element] of [...(group?.children ?? [])].entries()) {
        const row = rows[index[at] ?? -1]
        if (row !== undefined) explain(element, meaningOf(row))
      }
      return group
    },
  }
}

function explain(element: Element, { filter, tip }: Meaning): void {
  if (filter !== undefined) element.setAttribute('data-filter', filter)
  const title = element.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'title')
  title.textContent = tip
  element.append(title)
}

import { useState } from 'preact/hooks'
import type { Lineage, LineageTable } from '../../api-types.ts'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { formatCount } from '../state/format.ts'
import { tableAddress } from '../state/page.ts'
import { go } from '../state/place.ts'
import { boxPx, layOut, type LineageLayout, type Place } from './lineage-layout.ts'

/** What is made from what, as a picture and as a list; the tables that the run wrote stand out. */
export function LineagePanel({ lineage }: { readonly lineage: Lineage }) {
  const written = lineage.tables.filter(({ wrote }) => wrote !== null).length
  return (
    <Panel
      id="lineage"
      title="Lineage"
      subtitle={`From bronze to gold; ${formatCount(written)} of ${formatCount(lineage.tables.length)} tables were written by this run`}
      isLoading={false}
    >
      <LineagePicture layout={layOut(lineage)} />
      <details class="lineage-list">
        <summary>The same as a list</summary>
        <ul>
          {lineage.tables.map((table) => (
            <LineageLine key={table.table} table={table} lineage={lineage} />
          ))}
        </ul>
      </details>
    </Panel>
  )
}

function LineageLine({ table, lineage }: { readonly table: LineageTable; readonly lineage: Lineage }) {
  const inputs = lineage.edges.filter(({ to }) => to === table.table).map(({ from }) => from)
  return (
    <li>
      <Link href={tableAddress(table.table)}>{table.table}</Link>
      {inputs.length > 0 && ` from ${inputs.join(', ')}`}
      {`: ${changeText(table)}`}
    </li>
  )
}

function changeText({ wrote, is_read }: LineageTable): string {
  if (wrote === null) return is_read ? 'read' : 'left alone'
  const { version, inserted, updated, deleted } = wrote
  return `version ${version}, ${formatCount(inserted)} added, ${formatCount(updated)} changed, ${formatCount(deleted)} removed`
}

function LineagePicture({ layout }: { readonly layout: LineageLayout }) {
  const [pointed, setPointed] = useState<string>()
  const { places, edges, width, height } = layout
  return (
    <div class="lineage" role="region" aria-label="Picture of the lineage" tabIndex={0}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="Tables as boxes, from bronze at the left to gold at the right, with lines from each to those made from it"
        onPointerLeave={() => setPointed(undefined)}
      >
        {edges.map(({ from, to }) => (
          <path
            key={`${from.table.table} ${to.table.table}`}
            class={[from, to].some(({ table }) => table.table === pointed) ? 'edge is-pointed' : 'edge'}
            d={curve(from, to)}
          />
        ))}
        {places.map((place) => (
          <Box key={place.table.table} place={place} point={setPointed} />
        ))}
      </svg>
    </div>
  )
}

function Box({
  place: { table, x, y, width },
  point,
}: {
  readonly place: Place
  readonly point: (table: string) => void
}) {
  const state = table.wrote !== null ? 'is-written' : table.is_read ? 'is-read' : ''
  return (
    <g
      class={`box layer-${table.layer} ${state}`}
      transform={`translate(${x},${y})`}
      onPointerEnter={() => point(table.table)}
      onClick={() => go(tableAddress(table.table))}
    >
      <title>{`${table.table}: ${changeText(table)}`}</title>
      <rect width={width} height={boxPx.height} rx="5" />
      <text x={boxPx.inset} y={boxPx.height / 2} dy="0.34em">
        {table.table}
      </text>
    </g>
  )
}

function curve(from: Place, to: Place): string {
  const [x1, y1] = [from.x + from.width, from.y + boxPx.height / 2]
  const [x2, y2] = [to.x, to.y + boxPx.height / 2]
  const bend = Math.min((x2 - x1) / 2, 60)
  return `M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`
}

import type { AddFile } from './actions.ts'
import type { Snapshot } from './snapshot.ts'

/** How a table is to lie on the disk. */
export interface Layout {
  /** Bytes a data file should have. */
  readonly targetBytes: number
  /** True when rows are to be sorted anew: then files of any size are taken. */
  readonly sorts: boolean
}

/** Files of one partition that become one or a few. */
export type Bin = readonly AddFile[]

// rewriting what is nearly as large as wanted would cost more than it saves
const largeEnough = 0.75

/** The files that an optimize writes anew: small ones together, and those of which a deletion vector hides rows. */
export function planBins({ files, metadata }: Pick<Snapshot, 'files' | 'metadata'>, layout: Layout): readonly Bin[] {
  const partitions = new Map<string, AddFile[]>()
  for (const file of files.values()) {
    const key = JSON.stringify(metadata.partitionColumns.map((name) => file.partitionValues[name] ?? null))
    partitions.set(key, [...(partitions.get(key) ?? []), file])
  }
  return [...partitions.values()].flatMap((all) => (layout.sorts ? [all] : pack(all, layout.targetBytes)))
}

function pack(files: readonly AddFile[], targetBytes: number): readonly Bin[] {
  const candidates = files.filter((file) => file.deletionVector || file.size < targetBytes * largeEnough)
  const bins: AddFile[][] = []
  let bytes = Infinity
  for (const file of candidates.toSorted((a, b) => a.size - b.size)) {
    bytes += file.size
    if (bytes > targetBytes) {
      bins.push([])
      bytes = file.size
    }
    bins.at(-1)?.push(file)
  }
  return bins.filter((bin) => bin.length > 1 || bin.some(({ deletionVector }) => deletionVector))
}

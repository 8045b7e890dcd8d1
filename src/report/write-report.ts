import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { InputError } from '../errors.ts'
import type { Report, ReportSource } from './report.ts'
import { renderHtml } from './report-html.ts'
import { renderMarkdown } from './report-markdown.ts'
import { renderPng } from './static/png.ts'

/** What a report was made of, kept in its folder as report.json. */
export interface ReportMark {
  readonly format: 1
  readonly version: string
  readonly published: ReportSource['published']
  readonly rules: ReportSource['rules']
  readonly quality: ReportSource['quality']
}

const markFile = 'report.json'

/** The files of a report by their path in its folder; the same report is the same bytes. */
export function reportFiles(report: Report): ReadonlyMap<string, string | Uint8Array> {
  const charts = report.charts.flatMap(({ id, svg, csv }): [string, string | Uint8Array][] => [
    [`charts/${id}.svg`, svg],
    [`charts/${id}.png`, renderPng(svg)],
    [`charts/${id}.csv`, csv],
  ])
  return new Map<string, string | Uint8Array>([
    ['index.html', renderHtml(report)],
    ['report.md', renderMarkdown(report)],
    ...charts,
    [markFile, `${JSON.stringify(markOf(report), null, 2)}\n`],
  ])
}

/** What tells one report from another. */
export const markOf = ({ version, published, rules, quality }: Omit<ReportMark, 'format'>): ReportMark => ({
  format: 1,
  version,
  published,
  rules,
  quality,
})

/** Whether the report in the folder is of this very state. */
export async function isUpToDate(folder: string, mark: ReportMark): Promise<boolean> {
  try {
    await access(join(folder, 'index.html'))
    return isDeepStrictEqual(
      JSON.parse(await readFile(join(folder, markFile), 'utf8')),
      JSON.parse(JSON.stringify(mark)),
    )
  } catch {
    // there is none, or none that can be read: it is made anew
    return false
  }
}

/** Throws InputError when the folder is there and holds something else than a report: that is not to be replaced. */
export async function requireReplaceable(folder: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') throw new InputError(`${folder}: is a file`, { hint: 'name a folder' })
    throw error
  })
  if (names.length > 0 && !names.includes(markFile))
    throw new InputError(`${folder}: holds other files than a report`, {
      hint: 'name a folder that is not there yet: the report replaces the whole folder',
    })
}

/**
 * The folder holds exactly these files afterwards. They are written beside it and take its place at once, so that a reader finds the old
 * report whole or the new one whole.
 */
export async function replaceFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const suffix = randomUUID().slice(0, 8)
  const [next, old] = [`${folder}.${suffix}.new`, `${folder}.${suffix}.old`]
  try {
    for (const [path, content] of files) {
      await mkdir(dirname(join(next, path)), { recursive: true })
      await writeFile(join(next, path), content)
    }
    const isThere = await moved(folder, old)
    try {
      await rename(next, folder)
    } catch (error) {
      if (isThere) await rename(old, folder)
      throw error
    }
  } finally {
    await rm(next, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}

/** False when there was nothing to move. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunRecord } from './results.ts'
import { writeFileAtomically } from './write-file.ts'

/** The record stands at runs/<run id>/run.json afterwards. */
export async function writeRunRecord(runs: string, record: RunRecord): Promise<void> {
  const folder = join(runs, record.run_id)
  await mkdir(folder, { recursive: true })
  await writeFileAtomically(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`)
}

/** The records of all runs, newest first. A folder without a readable record is left out: it is of a run that was cut off in its first moment. */
export async function readRunRecords(runs: string): Promise<readonly RunRecord[]> {
  const names = (await listFolder(runs)).toSorted().toReversed()
  const records = await Promise.all(names.map((name) => readRunRecord(runs, name)))
  return records.filter((record) => record !== undefined)
}

/** The record of one run, or undefined when there is none that can be read. */
export async function readRunRecord(runs: string, runId: string): Promise<RunRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(runs, runId, 'run.json'), 'utf8')) as RunRecord
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

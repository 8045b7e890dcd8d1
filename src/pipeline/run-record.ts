import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunRecord } from './results.ts'
import { writeFileAtomically } from './write-file.ts'

/** The record stands at runs/<run id>/run.json afterwards. */
export async function writeRunRecord(runs: string, record: RunRecord): Promise<void> {
  const folder = join(runs, record.run_id)
  await mkdir(folder, { recursive: true })
  await writeFileAtomically(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`)
}

/** The ids of all runs, newest first. */
export async function listRunIds(runs: string): Promise<readonly string[]> {
  try {
    return (await readdir(runs)).toSorted().toReversed()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** The records of all runs, newest first. A folder without a readable record is left out: it is of a run that was cut off in its first moment. */
export async function readRunRecords(runs: string): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = []
  for (const id of await listRunIds(runs)) {
    const record = await readRunRecord(runs, id)
    if (record !== undefined) records.push(record)
  }
  return records
}

/** The record of one run, or undefined when there is none that can be read: it is damaged, or of a newer movielake. */
export async function readRunRecord(runs: string, runId: string): Promise<RunRecord | undefined> {
  try {
    const { data } = schema.safeParse(JSON.parse(await readFile(join(runs, runId, 'run.json'), 'utf8')))
    return data as RunRecord | undefined
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

const names = z.record(z.string(), z.number())

const schema = z.object({
  format: z.literal(1),
  run_id: z.string(),
  command: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  status: z.enum(['running', 'ok', 'unchanged', 'failed', 'stopped']),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  duration_ms: z.number().nullable(),
  process: z.object({ pid: z.number(), host: z.string(), version: z.string() }),
  is_sample: z.boolean(),
  steps: z.array(
    z.object({
      step: z.string(),
      status: z.enum(['ok', 'unchanged', 'failed', 'stopped']),
      started_at: z.string(),
      duration_ms: z.number(),
      read: names,
      wrote: z.array(z.object({ table: z.string(), version: z.number() }).loose()),
      counts: names,
    }),
  ),
  error: z
    .object({ name: z.string(), message: z.string(), hint: z.string().nullable(), exit_code: z.number() })
    .nullable(),
  published: names,
})

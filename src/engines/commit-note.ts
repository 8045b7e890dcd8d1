import { z } from 'zod'
import type { CommitNote } from './engine.ts'

const note = z.object({ run_id: z.string().optional(), watermarks: z.record(z.string(), z.number()).optional() })

/** The note as every engine leaves it in a commit's `userMetadata`, where the log of any Delta table has room for text. */
export const renderNote = ({ runId, watermarks }: CommitNote): string =>
  JSON.stringify({ run_id: runId, ...(watermarks && { watermarks }) })

/** The run that made a commit, and what it had taken in. Empty for text of somebody else. */
export function parseNote(userMetadata: string | null | undefined): Partial<Pick<CommitNote, 'runId' | 'watermarks'>> {
  if (!userMetadata) return {}
  try {
    const { run_id: runId, watermarks } = note.parse(JSON.parse(userMetadata))
    return { ...(runId !== undefined && { runId }), ...(watermarks && { watermarks }) }
  } catch {
    return {}
  }
}

interface Noted {
  readonly runId?: string | undefined
  readonly watermarks?: CommitNote['watermarks'] | undefined
  readonly operation?: string | null | undefined
}

/** Whether a commit tells what its table has taken in, be it nothing. Upkeep does not, nor do commits of others. */
export const tellsWatermarks = ({ runId, watermarks, operation }: Noted): boolean =>
  watermarks !== undefined || (runId !== undefined && !/^(OPTIMIZE|VACUUM|REORG|RESTORE)/.test(operation ?? ''))

import type { Context } from './context.ts'
import { parseInstant } from './instant.ts'
import { tellResult } from './result-text.ts'
import { resolve } from 'node:path'

interface Flags {
  readonly fetchedAt?: string
  readonly skipCode?: number
}

/** Brings files of payloads into bronze. */
export async function importFiles(
  context: Context,
  { fetchedAt, skipCode }: Flags,
  files: readonly string[],
): Promise<number> {
  const at = fetchedAt === undefined ? undefined : parseInstant(fetchedAt, '--fetched-at')
  const lake = await context.lake()
  const paths = files.map((file) => resolve(context.io.cwd, file))
  return tellResult(context, await lake.import(paths, { fetchedAt: at, signal: context.io.signal }), skipCode)
}

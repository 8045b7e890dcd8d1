import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { main } from '../../src/cli/command-line.ts'
import type { Output } from '../../src/cli/terminal.ts'

/** An output that remembers what was written. */
export function memory(
  options: { readonly isTTY?: boolean; readonly columns?: number } = {},
): Output & { text: string } {
  const output = {
    ...options,
    text: '',
    write(text: string) {
      output.text += text
    },
  }
  return output
}

/** An empty folder that is gone when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'movielake-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What the command line did. */
export interface Called {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Calls the command line in this process, as if in `cwd`. */
export async function call(
  argv: readonly string[],
  options: {
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
    readonly stdin?: string
    readonly signal?: AbortSignal
    readonly columns?: number
  } = {},
): Promise<Called> {
  const size = options.columns === undefined ? {} : { columns: options.columns }
  const [stdout, stderr] = [memory(size), memory(size)]
  const code = await main(argv, {
    stdout,
    stderr,
    readStdin: async () => options.stdin ?? '',
    env: options.env ?? {},
    cwd: options.cwd ?? emptyFolder(),
    signal: options.signal ?? new AbortController().signal,
    now: Date.now,
  })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

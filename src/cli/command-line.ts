import { CommanderError } from 'commander'
import type { Context } from './context.ts'
import { failureOf, redacted } from './failure.ts'
import { buildProgram } from './program.ts'
import { openTerminal, type Io } from './terminal.ts'

/** Why work is stopped when nobody reads its output any more; that is a good end. */
export const outputClosed = new Error('standard output was closed')

/**
 * Does what the arguments say and answers the exit code: 0 done, 1 unexpected, 2 config or usage, 3 quality gate, 4 locked,
 * 5 key refused, 75 source gave up, 130 and 143 stopped, or what `--skip-code` asks for when nothing was new. Never throws.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const session: { context: Context | undefined; exitCode: number } = { context: undefined, exitCode: 0 }
  const program = buildProgram(io, async (context, work) => {
    session.context = context
    session.exitCode = await work()
  })
  let failed: { readonly error: unknown } | undefined
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    failed = { error }
  }
  try {
    await session.context?.close()
  } catch (error) {
    failed ??= { error }
  }
  return failed === undefined ? session.exitCode : tell(failed.error, io, session.context)
}

/** Says what went wrong on stderr, without secrets, and answers the exit code. */
function tell(error: unknown, io: Io, context: Context | undefined): number {
  if (io.signal.reason === outputClosed) return 0
  // commander has said it already: help, version, or what is wrong with the arguments
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const { name, message, hint, exitCode, isBug } = failureOf(error, io.signal)
  const clean = (text: string): string => redacted(text, context?.secrets() ?? [])
  const { line, styled } = context?.err ?? openTerminal(io.stderr, io.env)
  const stack = error instanceof Error ? error.stack : undefined
  if (context?.isJsonLog() === true) {
    const at = new Date(io.now()).toISOString()
    const hinted = hint === undefined ? {} : { hint: clean(hint) }
    line(JSON.stringify({ type: 'error', at, name, message: clean(message), ...hinted, exit_code: exitCode }))
  } else {
    line(`${styled(['bold', 'red'], 'error:')} ${clean(isBug ? `${name}: ${message}` : message)}`)
    if (hint !== undefined) line(`${styled('cyan', 'hint:')} ${clean(hint)}`)
  }
  if (context?.flags.debug === true && stack !== undefined) line(styled('dim', clean(stack)))
  return exitCode
}

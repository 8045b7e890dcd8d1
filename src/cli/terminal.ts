import { styleText } from 'node:util'
import type { Variables } from '../config/environment.ts'

/** Where text goes: a terminal, a pipe, or a list in a test. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Places a line has; 0 or undefined when nobody knows. */
  readonly columns?: number | undefined
}

/** All that the command line has of the world around it. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** What stands on standard input, read to its end. */
  readonly readStdin: () => Promise<string>
  readonly env: Variables
  readonly cwd: string
  /** Aborts, with a StoppedError, when the user stops the command. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A style of the terminal's palette. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** An output with what its reader can see. */
export interface Terminal {
  readonly isLive: boolean
  /** Places a line has, never 0: 80 where nobody knows. */
  readonly columns: () => number
  /** The text in these styles, or as it is where there is no colour. */
  readonly styled: (style: Style | readonly Style[], text: string) => string
  /** False where only ASCII can be shown. */
  readonly isUnicode: boolean
  /** One line, or several. */
  readonly line: (text?: string) => void
  readonly write: (text: string) => void
}

/**
 * An output as a terminal. Colour: not with `--no-color`, NO_COLOR or FORCE_COLOR=0, always with another FORCE_COLOR,
 * else on a terminal that is not dumb. Source: https://no-color.org, https://force-color.org
 */
export function openTerminal(output: Output, env: Variables, isColourless = false): Terminal {
  const isDumb = env['TERM'] === 'dumb'
  const forced = env['FORCE_COLOR']
  const isRefused = isColourless || isSet(env['NO_COLOR']) || forced === '0' || forced === 'false'
  const isColoured = !isRefused && (isSet(forced) || (output.isTTY === true && !isDumb))
  return {
    isLive: output.isTTY === true && !isDumb && !isSet(env['CI']),
    columns: () => (output.columns !== undefined && output.columns > 0 ? output.columns : 80),
    // the text is for the terminal in `output`, which need not be the one styleText would ask
    styled: (style, text) =>
      isColoured ? styleText(typeof style === 'string' ? style : [...style], text, { validateStream: false }) : text,
    isUnicode: env['TERM'] !== 'linux' && !/^(C|POSIX)$/.test(env['LC_ALL'] ?? ''),
    line: (text = '') => void output.write(`${text}\n`),
    write: (text) => void output.write(text),
  }
}

const isSet = (text: string | undefined): boolean => text !== undefined && text !== ''

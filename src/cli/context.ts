import type { Config, Flag, OpenedConfig } from '../config/config.ts'
import type { Lake, Listener } from '../index.ts'
import { stopWith } from '../pipeline/stop-with.ts'
import type { Reporter } from './reporter.ts'
import { openTerminal, type Io, type Terminal } from './terminal.ts'

/** The flags every command takes. */
export interface CommonFlags {
  readonly lake?: string
  readonly config?: string
  readonly engine?: string
  readonly spark?: string
  readonly json?: boolean
  readonly logFormat?: string
  readonly set?: readonly string[]
  readonly quiet?: boolean
  readonly color?: boolean
  readonly debug?: boolean
}

/** What a command works with: where it writes, what is set, and the lake. */
export interface Context {
  readonly io: Io
  readonly out: Terminal
  readonly err: Terminal
  readonly flags: CommonFlags
  /** The settings, with `more` as if they had been given as flags. */
  settings(more?: readonly Flag[]): Promise<OpenedConfig>
  /** The lake, closed again when the command ends. What it does is told on stderr. */
  lake(more?: readonly Flag[]): Promise<Lake>
  /** Writes the one JSON document of `--json`. */
  json(value: unknown): void
  /** Whether stderr is JSON, as far as it is known by now. */
  isJsonLog(): boolean
  /** What must not be printed, as far as it is known by now. */
  secrets(): readonly string[]
  close(): Promise<void>
}

/** The context of one command. Nothing is read before a command asks for it. */
export function openContext(io: Io, flags: CommonFlags): Context {
  const out = openTerminal(io.stdout, io.env, flags.color === false)
  const err = openTerminal(io.stderr, io.env, flags.color === false)
  const secrets = ['TMDB_TOKEN', 'TMDB_API_KEY', 'SPARK_CONNECT_TOKEN'].flatMap((name) => io.env[name] ?? [])
  let logFormat = flags.logFormat
  const closing: (() => Promise<void> | void)[] = []

  const settings = async (more: readonly Flag[] = []): Promise<OpenedConfig> => {
    const { openConfig } = await import('../config/config.ts')
    const opened = openConfig({ file: flags.config, cwd: io.cwd, env: io.env, flags: [...flagsOf(flags), ...more] })
    secrets.push(...Object.values(opened.secrets).flatMap((secret) => secret?.reveal() ?? []))
    logFormat = opened.config.log.format
    return opened
  }
  return {
    io,
    out,
    err,
    flags,
    settings,
    async lake(more = []) {
      const { config } = await settings(more)
      const reporter = await openReporter(config.log, flags, err, io)
      closing.push(() => reporter.close())
      const { openLake } = await import('../index.ts')
      const on: Listener = reporter.on
      const lake = await openLake({
        ...(flags.config !== undefined && { config: flags.config }),
        set: [...flagsOf(flags), ...more],
        env: io.env,
        cwd: io.cwd,
        on,
      })
      // only what a command waits for in a run knows of the signal itself
      closing.push(
        () => lake.close(),
        stopWith(io.signal, () => lake.stop()),
      )
      return lake
    },
    json: (value) => out.line(JSON.stringify(value, null, 2)),
    isJsonLog: () => logFormat === 'json',
    secrets: () => secrets,
    async close() {
      for (const end of closing.toReversed()) await end()
    },
  }
}

async function openReporter(log: Config['log'], flags: CommonFlags, err: Terminal, io: Io): Promise<Reporter> {
  const { openJsonReporter, openTextReporter } = await import('./reporter.ts')
  const level = flags.quiet === true ? 'warn' : log.level
  return log.format === 'json' ? openJsonReporter(err, level) : openTextReporter(err, level, io.now)
}

function flagsOf({ set = [], lake, engine, spark, logFormat }: CommonFlags): Flag[] {
  const named = {
    lake: ['lake.path', lake],
    engine: ['engine', engine],
    spark: ['spark.url', spark],
    'log-format': ['log.format', logFormat],
  } as const
  return [
    ...set.map((text): Flag => {
      const at = text.indexOf('=')
      return { key: text.slice(0, at), value: text.slice(at + 1), origin: 'flag --set' }
    }),
    ...Object.entries(named).flatMap(([name, [key, value]]): Flag[] =>
      value === undefined ? [] : [{ key, value, origin: `flag --${name}` }],
    ),
  ]
}

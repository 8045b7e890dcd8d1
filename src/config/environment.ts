import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ConfigError } from '../errors.ts'

/** Variables by name, as `process.env` holds them. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The variables a process is given, those of `.env` behind those of the environment itself. */
export interface Environment {
  readonly cwd: string
  /** In the order in which they are asked. */
  readonly sources: readonly {
    readonly variables: Variables
    /** Where a variable came from, in words: `environment TMDB_TOKEN`. */
    readonly origin: (name: string) => string
  }[]
}

/** The environment of a process that works in `cwd`. Throws ConfigError when there is a `.env` that cannot be read. */
export function openEnvironment(cwd: string, env: Variables): Environment {
  return {
    cwd,
    sources: [
      { variables: env, origin: (name) => `environment ${name}` },
      { variables: readDotEnv(join(cwd, '.env')), origin: (name) => `.env ${name}` },
    ],
  }
}

/** What a variable is set to; undefined when it is not set, or empty as in `NAME=`. */
export function variable(name: string, { sources }: Environment): string | undefined {
  return sources.map(({ variables }) => variables[name]).find((text) => text !== undefined && text !== '')
}

function readDotEnv(file: string): Variables {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    // a folder of the name is somebody's virtual environment, not settings
    if (code === 'ENOENT' || code === 'EISDIR') return {}
    throw new ConfigError(`cannot read ${file}`, { cause, hint: 'make it readable, or remove it' })
  }
}

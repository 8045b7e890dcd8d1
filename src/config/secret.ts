import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect } from 'node:util'
import { ConfigError } from '../errors.ts'
import type { Environment } from './environment.ts'

/** A text that prints as `[redacted]` wherever it ends up by mistake: logs, errors, JSON, string templates. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself, for the one place that sends it. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}

/** The keys to TMDB and to a Spark server, each undefined when nobody has set it; of the two to TMDB the token is used when both are there. */
export interface Secrets {
  /** API read access token, sent as a bearer. */
  readonly token: Secret | undefined
  /** API key of version 3, sent in the query. */
  readonly apiKey: Secret | undefined
  /** Sent as a bearer to the Spark Connect server. */
  readonly sparkToken: Secret | undefined
}

/** The names secrets are set by. */
export const secretNames = { token: 'TMDB_TOKEN', apiKey: 'TMDB_API_KEY', sparkToken: 'SPARK_CONNECT_TOKEN' } as const

/** A secret with where it came from. */
export interface FoundSecret {
  readonly secret: Secret
  readonly origin: string
}

/**
 * The secret `name` of the environment, or of the file that `<name>_FILE` names, or of `.env`, in this order.
 * Undefined when it is not set or empty. Throws ConfigError, never with the secret in it, when it is set twice in one
 * place, when its file cannot be read, or when it could not be sent as a header.
 */
export function readSecret(name: string, environment: Environment): FoundSecret | undefined {
  for (const { variables, origin } of environment.sources) {
    const text = variables[name]
    const file = variables[`${name}_FILE`]
    if (isSet(text) && isSet(file))
      throw new ConfigError(`${name} and ${name}_FILE are both set (${origin(name)})`, { hint: 'unset one of them' })
    if (isSet(text)) return { secret: checked(name, text), origin: origin(name) }
    if (isSet(file))
      return {
        secret: checked(`${name}_FILE`, readSecretFile(name, resolve(environment.cwd, file))),
        origin: origin(`${name}_FILE`),
      }
  }
  return undefined
}

const isSet = (text: string | undefined): text is string => text !== undefined && text.trim() !== ''

function checked(name: string, text: string): Secret {
  if (!/^[\x21-\x7e]+$/.test(text.trim()))
    throw new ConfigError(
      `${name}: holds ${text.trim() === '' ? 'nothing' : 'blanks, line breaks or letters a key does not have'}`,
      {
        hint: name.startsWith('SPARK')
          ? 'copy the token again'
          : 'copy the key again from https://www.themoviedb.org/settings/api',
      },
    )
  return new Secret(text.trim())
}

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new ConfigError(`${name}_FILE: cannot read ${file} (${code})`, {
      cause,
      hint:
        code === 'EACCES'
          ? `make it readable for user ${process.getuid?.()}, or set ${name}`
          : `name a file that holds the key, or set ${name}`,
    })
  }
}

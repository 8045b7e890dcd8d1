import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isMap, isScalar, LineCounter, parse, parseDocument, type Node } from 'yaml'
import { ConfigError } from '../errors.ts'
import { variable, type Environment } from './environment.ts'
import { groups, settings, type JsonSchema } from './keys.ts'

/** One setting somebody made, before anybody looked whether it is allowed. */
export interface Assignment {
  readonly key: string
  readonly value: unknown
  /** `file /etc/movielake.yaml`, `environment MOVIELAKE__TMDB__LANGUAGE`, `flag --set`. */
  readonly origin: string
  /** The line of the file. */
  readonly line?: number
  /** The folder that paths are relative to. */
  readonly base: string
}

/** A setting made on the command line or by a caller of the library. Texts are read like values of YAML. */
export interface Flag {
  readonly key: string
  readonly value: unknown
  /** How messages call it: `flag --engine`. */
  readonly origin: string
}

/** The config file meant by `named`, by MOVIELAKE_CONFIG, or found in the working folder. Throws ConfigError when a named one is missing. */
export function findConfigFile(named: string | undefined, environment: Environment): string | undefined {
  const wanted = named ?? variable('MOVIELAKE_CONFIG', environment)
  if (wanted === undefined)
    return ['movielake.yaml', 'movielake.yml']
      .map((name) => join(environment.cwd, name))
      .find((file) => existsSync(file))
  const file = resolve(environment.cwd, wanted)
  if (existsSync(file)) return file
  throw new ConfigError(`config file ${file} does not exist`, {
    hint: `it was named by ${named === undefined ? 'MOVIELAKE_CONFIG' : '--config'}; movielake init writes one`,
  })
}

/** The settings of a YAML file, in its order, unknown keys included. Throws ConfigError when it is not YAML or not a map. */
export function assignmentsOfFile(file: string): Assignment[] {
  const lines = new LineCounter()
  const document = parseDocument(readConfigFile(file), { lineCounter: lines, prettyErrors: false })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined)
    throw new ConfigError(`${file}:${lines.linePos(fault.pos[0]).line}: not valid YAML: ${sentence(fault.message)}`, {
      cause: fault,
    })
  const found: Assignment[] = []
  const walk = (node: unknown, prefix: string, line: number): void => {
    if (isMap(node) && (prefix === '' || groups.has(prefix))) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key)
        const at = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : line
        walk(value, prefix === '' ? name : `${prefix}.${name}`, at)
      }
    } else if (prefix !== '' && !(groups.has(prefix) && isNothing(node))) {
      found.push({ key: prefix, value: plain(node, line), origin: `file ${file}`, line, base: dirname(file) })
    } else if (prefix === '' && !isNothing(node)) {
      throw new ConfigError(`${file}: holds no map of settings`, { hint: 'movielake init writes one that does' })
    }
  }
  const plain = (node: unknown, line: number): unknown => {
    try {
      return isNode(node) ? node.toJS(document) : null
    } catch (cause) {
      throw new ConfigError(`${file}:${line}: not valid YAML: an alias names nothing, or too much`, { cause })
    }
  }
  walk(document.contents, '', 1)
  return found
}

/** The settings made by variables such as MOVIELAKE__TMDB__RATE_PER_SECOND, those of `.env` first. */
export function assignmentsOfEnvironment({ cwd, sources }: Environment): Assignment[] {
  return sources.toReversed().flatMap(({ variables, origin }) =>
    Object.entries(variables).flatMap(([name, text]) => {
      if (!name.startsWith('MOVIELAKE__') || text === undefined || text === '') return []
      const key = name.slice('MOVIELAKE__'.length).toLowerCase().replaceAll('__', '.')
      return [{ key, value: valueOf(key, text), origin: origin(name), base: cwd }]
    }),
  )
}

/** The settings made by flags. */
export function assignmentsOfFlags(flags: readonly Flag[], base: string): Assignment[] {
  return flags.map(({ key, value, origin }) => ({
    key,
    value: typeof value === 'string' ? valueOf(key, value) : value,
    origin,
    base,
  }))
}

/** What a text means for a setting: text as it stands where text is asked for, else YAML; `a,b` is a list where a list is asked for. */
export function valueOf(key: string, text: string): unknown {
  const kinds = kindsOf(settings.get(key)?.schema ?? {})
  if (text === 'null' && kinds.includes('null')) return null
  if (kinds.includes('string')) return text
  const value = parsed(text)
  if (!kinds.includes('array') || Array.isArray(value)) return value
  return typeof value === 'string' ? value.split(',').map((item) => parsed(item.trim())) : [value]
}

const kindsOf = ({ type, anyOf = [] }: JsonSchema): string[] =>
  [type, ...anyOf.map((schema) => schema.type)].filter((kind) => kind !== undefined)

function parsed(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false, logLevel: 'silent' })
  } catch {
    // not YAML, so it is the text itself, and the schema says what is wrong with it
    return text
  }
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`cannot read config file ${file}`, { cause, hint: 'name a file that this user may read' })
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'toJS' in value
const isNothing = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null)
const sentence = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)

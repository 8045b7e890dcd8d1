import type { z } from 'zod'
import type { Assignment } from './assignments.ts'
import { allowed, groups, nearest, schemaAt, settings } from './keys.ts'
import { configSchema } from './schema.ts'

/** Something wrong with a setting, and what to do about it. */
export interface Fault {
  readonly message: string
  readonly hint: string | undefined
}

type Issue = z.core.$ZodIssue

/** What is wrong with a setting: nobody knows its key, it is a secret, or its value is not allowed. Secrets are never in it. */
export function checkAssignment(assignment: Assignment): Fault[] {
  const { key, value } = assignment
  if (!settings.has(key)) return [unknown(assignment)]
  const [group = '', name] = key.split('.')
  const { error } = configSchema.safeParse({ [group]: name === undefined ? value : { [name]: value } })
  const [issue] = error?.issues ?? []
  return issue === undefined ? [] : [refused(assignment, issue)]
}

function unknown({ key, ...assignment }: Assignment): Fault {
  const at = place(assignment)
  if (/token|secret|password|bearer|(^|[._])(api_?)?key$/i.test(key))
    return {
      message: `${key}: a secret does not belong here (${at})`,
      hint: key.startsWith('spark.')
        ? 'remove it and set SPARK_CONNECT_TOKEN or SPARK_CONNECT_TOKEN_FILE in the environment or in .env'
        : 'remove it and set TMDB_TOKEN, TMDB_TOKEN_FILE or TMDB_API_KEY in the environment or in .env',
    }
  if (groups.has(key))
    return { message: `${key}: is a map of settings, not one (${at})`, hint: `its keys: ${keysOf(key)}` }
  const near = nearest(key, [...settings.keys()])
  return {
    message: `unknown setting ${key} (${at})`,
    hint: near === undefined ? 'movielake config show lists them all' : `did you mean ${near}?`,
  }
}

function refused({ key, value, ...assignment }: Assignment, issue: Issue): Fault {
  const inner = issue.path.slice(key.split('.').length)
  const name = [key, ...inner].join('.')
  const at = place(assignment)
  if (issue.code === 'unrecognized_keys') {
    const names = Object.keys(schemaAt(issue.path)?.properties ?? {})
    const near = nearest(issue.keys[0] ?? '', names)
    return {
      message: `unknown setting ${name}.${issue.keys.join(', ')} (${at})`,
      hint: near === undefined ? `allowed: ${names.join(', ')}` : `did you mean ${near}?`,
    }
  }
  const wanted = issue.code === 'custom' ? issue.message : allowed(schemaAt(issue.path) ?? {})
  return {
    message: `${name}: ${shown(inner.reduce(step, value))} is not allowed (${at})`,
    hint: `allowed: ${wanted}`,
  }
}

const place = ({ origin, line }: Pick<Assignment, 'origin' | 'line'>): string =>
  line === undefined ? origin : `${origin}, line ${line}`

const keysOf = (group: string): string => [...settings.keys()].filter((key) => key.startsWith(`${group}.`)).join(', ')

const step = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing')
    .replace(/\/\/[^/\s]*@/, '//[redacted]@')
    .replace(/[?#][^"]*/, '?[redacted]')
    .replaceAll(/("[^"]*(?:token|key|secret|password)[^"]*":)"[^"]*"/gi, '$1"[redacted]"')
    .replaceAll(/((?:token|key|auth|secret|password|cookie)[^=";]*=).*/gi, '$1[redacted]"')
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

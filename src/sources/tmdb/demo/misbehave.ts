import { ConfigError } from '../../../errors.ts'

/** What goes wrong with an answer. */
export type Trouble =
  /** TMDB's error body for this status. `retryAfter`: seconds, `'date'` for an HTTP date one second from now, absent for no header. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number | 'date' }
  /** The right answer after a wait. */
  | { readonly kind: 'slow'; readonly waitMs: number }
  /** No answer, the connection stays open. */
  | { readonly kind: 'hang' }
  /** The connection breaks before any answer. */
  | { readonly kind: 'drop' }
  /** Half of the body, then the connection breaks. */
  | { readonly kind: 'cut' }
  /** Status 200 with half of the body and a matching length. */
  | { readonly kind: 'not_json' }
  /** Status 200 with TMDB's error body. */
  | { readonly kind: 'success_false' }
  /** The right answer under the next movie's id. */
  | { readonly kind: 'wrong_movie' }

/** A trouble and the requests it strikes; every condition that is given must hold. Requests are numbered from 1. */
export interface TroubleRule {
  readonly trouble: Trouble
  readonly from?: number
  readonly to?: number
  /** Strikes request n when n is a multiple of it. */
  readonly every?: number
  /** Strikes these movies' details only. */
  readonly movieIds?: readonly number[]
  /** Strikes only the first so many requests of each path. */
  readonly times?: number
}

/** The first rule that fits a request decides. */
export type Misbehaviour = readonly TroubleRule[]

/** What is known of a request when its trouble is chosen. */
export interface RequestFacts {
  readonly number: number
  readonly movieId: number | undefined
  /** How often this path has been asked for, this request included. */
  readonly timesAsked: number
}

/** The trouble of a request, undefined when it is to be answered properly. */
export function chooseTrouble(rules: Misbehaviour, facts: RequestFacts): Trouble | undefined {
  return rules.find((rule) => strikes(rule, facts))?.trouble
}

function strikes(rule: TroubleRule, { number, movieId, timesAsked }: RequestFacts): boolean {
  return (
    number >= (rule.from ?? 1) &&
    number <= (rule.to ?? Infinity) &&
    number % (rule.every ?? 1) === 0 &&
    (rule.movieIds === undefined || (movieId !== undefined && rule.movieIds.includes(movieId))) &&
    timesAsked <= (rule.times ?? Infinity)
  )
}

const kinds = ['hang', 'drop', 'cut', 'not_json', 'success_false', 'wrong_movie'] as const
const keys = ['from', 'to', 'every', 'times', 'movies', 'retry_after', 'wait_ms']

/**
 * Rules from text, as a flag takes them: rules are separated by blanks, a rule is `TROUBLE` or `TROUBLE:key=value,key=value`.
 * TROUBLE is an HTTP status, `slow`, or a kind of Trouble; keys are from, to, every, times, movies (`603+604`), retry_after
 * (seconds or `date`) and wait_ms. Example: `429:every=10,retry_after=1 cut:movies=603,times=1`. Throws ConfigError.
 */
export function parseMisbehaviour(text: string): Misbehaviour {
  return text
    .split(/\s+/)
    .filter((rule) => rule !== '')
    .map((rule) => parseRule(rule))
}

function parseRule(rule: string): TroubleRule {
  const [name = '', settings = ''] = rule.split(':', 2)
  const pairs = settings.split(',').filter((pair) => pair !== '')
  const given = new Map(
    pairs.map((pair): [string, string] => [pair.split('=', 1)[0] ?? '', pair.replace(/^[^=]*=?/, '')]),
  )
  for (const key of given.keys()) if (!keys.includes(key)) throw badRule(rule, `unknown key '${key}'`)
  const number = (key: string): number | undefined => {
    const value = given.get(key)
    if (value === undefined) return undefined
    const least = key === 'retry_after' || key === 'wait_ms' ? 0 : 1
    if (!/^\d+$/.test(value) || Number(value) < least) {
      throw badRule(rule, `${key} '${value}' is not a whole number${least === 0 ? '' : ' above 0'}`)
    }
    return Number(value)
  }
  const movies = given.get('movies')
  if (movies !== undefined && !/^\d+(\+\d+)*$/.test(movies)) {
    throw badRule(rule, `movies '${movies}' is not a list such as 603+604`)
  }
  const limits = { from: number('from'), to: number('to'), every: number('every'), times: number('times') }
  const retryAfter = given.get('retry_after') === 'date' ? 'date' : number('retry_after')
  return {
    trouble: parseTrouble(rule, name, retryAfter, number('wait_ms') ?? 1000),
    ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
    ...(movies === undefined ? {} : { movieIds: movies.split('+').map(Number) }),
  }
}

function parseTrouble(rule: string, name: string, retryAfter: number | 'date' | undefined, waitMs: number): Trouble {
  if (/^[45]\d\d$/.test(name)) {
    return { kind: 'status', status: Number(name), ...(retryAfter === undefined ? {} : { retryAfter }) }
  }
  if (name === 'slow') return { kind: 'slow', waitMs }
  const kind = kinds.find((known) => known === name)
  if (kind === undefined) throw badRule(rule, `'${name}' is not a status, slow, ${kinds.join(', ')}`)
  return { kind }
}

function badRule(rule: string, problem: string): ConfigError {
  return new ConfigError(`misbehaviour '${rule}': ${problem}`, { hint: 'an example is 429:every=10,retry_after=1' })
}

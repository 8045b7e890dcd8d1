import { Code, type ConnectError } from '@connectrpc/connect'
import { EngineError } from '../../../errors.ts'
import { errorInfo, isWorthRetrying } from './failure.ts'
import type { FetchErrorDetailsResponse } from './gen/spark_connect_min_pb.ts'
import { tlsFailure } from './tls-failure.ts'

/**
 * What to look at: the `query`; the address or the network, as the server is `unreachable`; the token, as it `refused`; the session, as the
 * server has `lost` it (`reopen` makes another); the server itself, as it is no Spark Connect server that we understand (`protocol`).
 */
export type SparkFault = 'query' | 'unreachable' | 'refused' | 'lost' | 'protocol'

/** What the server says about an error. */
export interface SparkErrorDetails {
  readonly fault: SparkFault
  /** Spark's name for the error: `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly condition?: string | undefined
  /** `42P01`. */
  readonly sqlState?: string | undefined
  /** The parts of the message that differ from case to case: `{ relationName: '`films`' }`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Java's names of the error, the most particular first. */
  readonly classes?: readonly string[]
  /** The places of the SQL that the error is about, as text for people. */
  readonly contexts?: readonly string[]
  /** Where it happened on the server, when it tells (`spark.sql.connect.serverStacktrace.enabled`). */
  readonly serverStack?: readonly string[]
}

/** A Spark server did not do what it was asked for. */
export class SparkError extends EngineError {
  override readonly exitCode: number
  readonly fault: SparkFault
  readonly condition: string | undefined
  readonly sqlState: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly classes: readonly string[]
  readonly contexts: readonly string[]
  readonly serverStack: readonly string[]

  constructor(
    message: string,
    options: ErrorOptions & SparkErrorDetails & { readonly sql: string; readonly hint?: string },
  ) {
    super(message, options)
    this.fault = options.fault
    this.exitCode = exitCodes[options.fault]
    this.condition = options.condition
    this.sqlState = options.sqlState
    this.parameters = options.parameters ?? {}
    this.classes = options.classes ?? []
    this.contexts = options.contexts ?? []
    this.serverStack = options.serverStack ?? []
  }
}

/** What to do about a session that is lost. */
export const lostHint = 'ask again: a lake opens another session, a session has reopen; its temporary views are gone'

// as KeyError and SourceError: another key, or the same again later
const exitCodes: Readonly<Record<SparkFault, number>> = { query: 1, unreachable: 75, refused: 5, lost: 75, protocol: 1 }

/** Where and by what an error came about. */
export interface Asked {
  readonly server: string
  readonly sql: string
}

/** The error that a failed call stands for, as far as the answer itself tells. */
export function sparkError(reason: ConnectError, { server, sql }: Asked): SparkError {
  const info = errorInfo(reason)
  const condition = info['errorClass'] ?? /^\[([A-Z0-9_.]+)\]/.exec(reason.rawMessage)?.[1]
  const fault = faultOf(reason, condition)
  const hint = hintFor(fault, condition, reason)
  return new SparkError(`spark ${server}: ${said(reason, fault)}`, {
    sql,
    fault,
    condition,
    sqlState: info['sqlState'],
    parameters: parsed(info['messageParameters'], {}),
    classes: parsed(info['classes'], []),
    ...(hint !== undefined && { hint }),
    cause: reason,
  })
}

/** The same with all that the server told when it was asked for details: the whole message, causes, places in the SQL. */
export function detailedError(reason: ConnectError, details: FetchErrorDetailsResponse, asked: Asked): SparkError {
  if (isStopping(reason)) return sparkError(reason, asked)
  const build = (index: number | undefined, depth: number): SparkError | undefined => {
    const error = index === undefined || depth > 10 ? undefined : details.errors[index]
    if (error === undefined) return undefined
    const thrown = error.sparkThrowable
    const fault = faultOf(reason, thrown?.errorClass)
    const hint = hintFor(fault, thrown?.errorClass, reason)
    const contexts = (thrown?.queryContexts ?? []).map(({ summary, fragment }) => (summary || fragment).trim())
    return new SparkError(`spark ${asked.server}: ${error.message.trim()}`, {
      sql: asked.sql,
      fault,
      condition: thrown?.errorClass,
      sqlState: thrown?.sqlState,
      parameters: thrown?.messageParameters ?? {},
      classes: error.errorTypeHierarchy,
      contexts,
      serverStack: error.stackTrace.map(
        (frame) => `${frame.declaringClass}.${frame.methodName}(${frame.fileName ?? '?'}:${frame.lineNumber})`,
      ),
      ...(hint !== undefined && { hint }),
      cause: build(error.causeIdx, depth + 1),
    })
  }
  return build(details.rootErrorIdx, 0) ?? sparkError(reason, asked)
}

function faultOf(reason: ConnectError, condition: string | undefined): SparkFault {
  if (condition !== undefined && /INVALID_HANDLE\.SESSION_(CHANGED|NOT_FOUND|CLOSED)/.test(condition)) return 'lost'
  if (condition !== undefined) return 'query'
  if (isStopping(reason)) return 'unreachable'
  if (reason.code === Code.Unauthenticated || reason.code === Code.PermissionDenied) return 'refused'
  if (reason.code === Code.DeadlineExceeded || isWorthRetrying(reason) || tlsFailure(reason)) return 'unreachable'
  if (reason.code === Code.Unimplemented || /content.type|HTTP \d|unexpected/i.test(reason.rawMessage))
    return 'protocol'
  return 'query'
}

/** A server that is shut down, or that ran out of memory, answers this for a while. */
const isStopping = (reason: ConnectError): boolean => /stopped SparkContext/.test(reason.rawMessage)

function said(reason: ConnectError, fault: SparkFault): string {
  if (isStopping(reason)) return 'the server is going down'
  const tls = fault === 'unreachable' ? tlsFailure(reason) : undefined
  if (tls !== undefined) return `${tls.what} (${firstLine(reason.rawMessage)})`
  if (fault === 'unreachable') return `no answer (${firstLine(reason.rawMessage)})`
  if (fault === 'lost') return `the server has lost this session (${firstLine(reason.rawMessage)})`
  if (fault === 'refused') return `the server refuses us (${firstLine(reason.rawMessage)})`
  if (fault === 'protocol') return `this does not speak Spark Connect (${firstLine(reason.rawMessage)})`
  return reason.rawMessage.trim() || `failed with code ${Code[reason.code]}`
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''

const hints: readonly (readonly [condition: RegExp, hint: string])[] = [
  [
    /^(TABLE_OR_VIEW_NOT_FOUND|DELTA_(TABLE|PATH).*(NOT_FOUND|NOT_EXIST)|PATH_NOT_FOUND)/,
    'see that the path is right and that the server can read it',
  ],
  [
    /^(DATA_SOURCE_NOT_FOUND|DELTA_CONFIGURE_SPARK_SESSION|CANNOT_CREATE_DATA_SOURCE_TABLE\.EXTERNAL)/,
    'the server lacks Delta Lake: start it with io.delta:delta-spark, its extension and its catalog',
  ],
  [/^DELTA_CONCURRENT|^DELTA_.*CONFLICT|ConcurrentModification/, 'another writer was first: do it again'],
  [/^(PARSE_|UNRESOLVED_|DATATYPE_MISMATCH)/, 'the SQL that was sent is in the sql of this error'],
  [/OPERATION_(ABANDONED|NOT_FOUND)$/, 'the server gave the query up, as nobody read its rows for long: run it again'],
]

function hintFor(fault: SparkFault, condition: string | undefined, reason: ConnectError): string | undefined {
  if (fault === 'lost') return lostHint
  if (fault === 'refused') return 'set the token that the server was started with'
  if (fault === 'protocol') return 'give the address of a Spark Connect server, whose port is 15002 by default'
  if (isStopping(reason)) return 'start it again; if it ran out of memory, give it more or ask for less at once'
  if (fault === 'unreachable')
    return tlsFailure(reason)?.hint ?? 'see that a Spark Connect server runs there; ;use_ssl=true if it wants TLS'
  if (/OutOfMemory|Java heap space/.test(reason.rawMessage))
    return 'give the server more memory, or ask for less at once'
  return hints.find(([pattern]) => pattern.test(condition ?? ''))?.[1]
}

function parsed<T>(text: string | undefined, otherwise: T): T {
  if (text === undefined) return otherwise
  try {
    return JSON.parse(text) as T
  } catch {
    // the server cuts what is long; the message has it all
    return otherwise
  }
}

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import http2 from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { encodeRows } from '../../../../src/engines/spark/connect/arrow-rows.ts'
import { ErrorInfoSchema } from '../../../../src/engines/spark/connect/gen/google/rpc/error_details_min_pb.ts'
import {
  ExecutePlanResponseSchema,
  SparkConnectService,
  type ExecutePlanRequest,
  type ExecutePlanResponse,
} from '../../../../src/engines/spark/connect/gen/spark_connect_min_pb.ts'

/** What the server does with a query, by its text. */
export interface Behaviour {
  /** Batches by how many rows each has; the rows count on from 0 in the column `id`. */
  readonly batches?: readonly number[]
  /** Ends each stream after so many answers without saying that the query is done. */
  readonly cutEvery?: number
  /** Breaks the connection once, after so many answers. */
  readonly breakAfter?: number
  /** Cuts each batch into so many parts. */
  readonly parts?: number
  /** Leaves out an answer, as no server should. */
  readonly lose?: number
  readonly fail?: {
    readonly code: Code
    readonly message: string
    readonly condition?: string
    readonly details?: string
    readonly afterMs?: number
  }
  /** Answers a statement with a query that is to be asked for the rows, instead of with the rows. */
  readonly isQuery?: boolean
  /** Answers after so long, without a word of jobs. */
  readonly answerAfterMs?: number
  /** Says after so long that there is a job. */
  readonly jobAfterMs?: number
  /** Never comes to an end by itself. */
  readonly hang?: boolean
}

type Answer = NonNullable<MessageInitShape<typeof ExecutePlanResponseSchema>['responseType']>

interface Execution {
  readonly query: string
  readonly answers: ExecutePlanResponse[]
  isInterrupted: boolean
  isBroken: boolean
  wake: () => void
}

/** Enough of a Spark Connect server, on real HTTP/2, to be broken on purpose. */
export class FakeSpark {
  readonly calls: string[] = []
  readonly config = new Map<string, string>()
  behaviour: Readonly<Record<string, Behaviour>> = {}
  token: string | undefined
  /** Refuses so many calls before it answers. */
  busyFor = 0
  /** Takes settings and never answers. */
  isMute = false
  serverSessionId: string = randomUUID()
  version = '4.2.0'
  readonly #executions = new Map<string, Execution>()
  readonly #details = new Map<string, string>()
  readonly #sockets = new Set<Socket>()
  readonly #server = http2.createServer(
    connectNodeAdapter({
      routes: (router) => {
        router.service(SparkConnectService, {
          executePlan: (request, context) => this.#execute(request, context),
          reattachExecute: (request, context) => this.#reattach(request.operationId, request.lastResponseId, context),
          releaseExecute: (request) => {
            this.calls.push(request.release.case === 'releaseAll' ? 'release all' : 'release')
            return { sessionId: request.sessionId }
          },
          analyzePlan: (request, context) => {
            this.#admit('analyze', context)
            return { ...this.#answer(request), result: { case: 'sparkVersion', value: { version: this.version } } }
          },
          config: async (request, context) => {
            this.#admit('config', context)
            if (this.isMute) await once(context.signal, 'abort')
            const operation = request.operation?.opType
            if (operation?.case === 'set')
              for (const { key, value } of operation.value.pairs) this.config.set(key, value ?? '')
            const keys = operation?.case === 'getOption' ? operation.value.keys : []
            const pairs = keys.map((key) => ({
              key,
              ...(this.config.has(key) && { value: this.config.get(key) ?? '' }),
            }))
            return { ...this.#answer(request), pairs }
          },
          interrupt: (request) => {
            this.calls.push('interrupt')
            const found = [...this.#executions].filter(
              ([id]) => request.interrupt.case !== 'operationId' || request.interrupt.value === id,
            )
            for (const [, execution] of found) {
              execution.isInterrupted = true
              execution.wake()
            }
            return { ...this.#answer(request), interruptedIds: found.map(([id]) => id) }
          },
          releaseSession: (request) => {
            this.calls.push('release session')
            return this.#answer(request)
          },
          fetchErrorDetails: (request) => {
            const queryContexts = [{ summary: '== SQL (line 1, position 15) ==', fragment: 'films' }]
            const messageParameters = { relationName: '`films`' }
            const sparkThrowable = {
              errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
              sqlState: '42P01',
              messageParameters,
              queryContexts,
            }
            const errors = [
              {
                message: this.#details.get(request.errorId) ?? '',
                causeIdx: 1,
                errorTypeHierarchy: ['A'],
                sparkThrowable,
              },
              { message: 'the cause', errorTypeHierarchy: ['B'] },
            ]
            return { ...this.#answer(request), rootErrorIdx: 0, errors }
          },
        })
      },
    }),
  )

  /** Its address, once it listens. */
  async start(): Promise<string> {
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('session', (session) => session.on('error', () => undefined))
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `sc://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#breakConnections()
    await once(this.#server, 'close')
  }

  #breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #answer({ sessionId }: { readonly sessionId: string }) {
    return { sessionId, serverSideSessionId: this.serverSessionId }
  }

  #admit(call: string, context: HandlerContext): void {
    this.calls.push(call)
    if (this.token !== undefined && context.requestHeader.get('authorization') !== `Bearer ${this.token}`)
      throw new ConnectError('Invalid authentication token', Code.Unauthenticated)
    if (this.busyFor === 0) return
    this.busyFor -= 1
    throw new ConnectError('starting up', Code.Unavailable)
  }

  async *#execute(request: ExecutePlanRequest, context: HandlerContext): AsyncGenerator<ExecutePlanResponse> {
    const query = sqlOf(request)
    this.#admit(`execute ${query}`, context)
    const { fail } = this.behaviour[query] ?? {}
    if (fail !== undefined) {
      await sleep(fail.afterMs ?? 0)
      throw this.#failure(fail)
    }
    const execution: Execution = {
      query,
      answers: this.#answersOf(request, this.behaviour[query] ?? {}),
      isInterrupted: false,
      isBroken: false,
      wake: () => undefined,
    }
    this.#executions.set(request.operationId ?? '', execution)
    yield* this.#send(execution, 0, context)
  }

  #reattach(id: string, after: string | undefined, context: HandlerContext): AsyncGenerator<ExecutePlanResponse> {
    this.#admit(after === undefined ? 'reattach from the start' : 'reattach', context)
    const execution = this.#executions.get(id)
    if (execution === undefined)
      throw new ConnectError('[INVALID_HANDLE.OPERATION_NOT_FOUND] no such operation', Code.Internal)
    return this.#send(execution, execution.answers.findIndex(({ responseId }) => responseId === after) + 1, context)
  }

  #answersOf(request: ExecutePlanRequest, behaviour: Behaviour): ExecutePlanResponse[] {
    const { batches = [], parts = 1, lose, hang } = behaviour
    const answers: Answer[] = []
    if (request.plan?.opType.case === 'command') {
      if (hang === true) return []
      const value = { relation: { relType: resultOf(sqlOf(request), behaviour) } }
      return this.#responses(request, [
        { case: 'sqlCommandResult', value },
        { case: 'resultComplete', value: {} },
      ])
    }
    let from = 0
    for (const rowCount of batches) {
      const bytes = encodeRows(
        { id: 'bigint' },
        Array.from({ length: rowCount }, (_, i) => ({ id: from + i })),
      )
      const size = Math.ceil(bytes.length / parts)
      for (let part = 0; part < parts; part += 1) {
        const data = bytes.slice(part * size, (part + 1) * size)
        const place = parts > 1 ? { chunkIndex: BigInt(part), numChunksInBatch: BigInt(parts) } : {}
        const value = { rowCount: BigInt(rowCount), startOffset: BigInt(from), data, ...place }
        answers.push({ case: 'arrowBatch', value })
      }
      from += rowCount
    }
    if (hang !== true) answers.push({ case: 'resultComplete', value: {} })
    return this.#responses(
      request,
      answers.filter((_, place) => place !== lose),
    )
  }

  #responses(request: ExecutePlanRequest, answers: readonly Answer[]): ExecutePlanResponse[] {
    return answers.map((responseType) =>
      create(ExecutePlanResponseSchema, {
        ...this.#answer(request),
        operationId: request.operationId ?? '',
        responseId: randomUUID(),
        responseType,
      }),
    )
  }

  async *#send(execution: Execution, from: number, context: HandlerContext): AsyncGenerator<ExecutePlanResponse> {
    const { cutEvery, breakAfter, answerAfterMs } = this.behaviour[execution.query] ?? {}
    if (answerAfterMs !== undefined) await sleep(answerAfterMs)
    for (const [sent, answer] of execution.answers.slice(from).entries()) {
      if (cutEvery === sent) return
      if (breakAfter === sent && !execution.isBroken) {
        execution.isBroken = true
        this.#breakConnections()
        return
      }
      yield answer
    }
    if (execution.answers.at(-1)?.responseType.case === 'resultComplete') return
    const { jobAfterMs } = this.behaviour[execution.query] ?? {}
    if (jobAfterMs !== undefined) {
      await sleep(jobAfterMs)
      this.calls.push('job')
      yield create(ExecutePlanResponseSchema, {
        responseId: randomUUID(),
        responseType: { case: 'executionProgress', value: { stages: [{}] } },
      })
    }
    await new Promise<void>((resolve) => {
      execution.wake = resolve
      context.signal.addEventListener('abort', () => resolve(), { once: true })
      if (execution.isInterrupted) resolve()
    })
    if (execution.isInterrupted) throw new ConnectError('[OPERATION_CANCELED] canceled', Code.Internal)
  }

  #failure({ code, message, condition, details }: NonNullable<Behaviour['fail']>): ConnectError {
    const error = new ConnectError(message, code)
    if (condition === undefined) return error
    const errorId = randomUUID()
    if (details !== undefined) this.#details.set(errorId, details)
    const metadata = { errorClass: condition, sqlState: '42P01', ...(details !== undefined && { errorId }) }
    const value = toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { reason: 'x', domain: 'spark', metadata }))
    error.details = [{ type: ErrorInfoSchema.typeName, value }]
    return error
  }
}

function sqlOf({ plan }: ExecutePlanRequest): string {
  const asked = plan?.opType
  const command = asked?.case === 'command' ? asked.value.commandType : undefined
  const input = command?.case === 'sqlCommand' ? command.value.input : undefined
  const relation = asked?.case === 'root' ? asked.value : input
  return relation?.relType.case === 'sql' ? relation.relType.value.query : ''
}

function resultOf(query: string, { batches: [rowCount = 0] = [], isQuery }: Behaviour) {
  if (isQuery === true) return { case: 'sql', value: { query } } as const
  const rows = Array.from({ length: rowCount }, (_, id) => ({ id }))
  return { case: 'localRelation', value: { data: encodeRows({ id: 'bigint' }, rows) } } as const
}

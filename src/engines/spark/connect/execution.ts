import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { create } from '@bufbuild/protobuf'
import type { Client } from '@connectrpc/connect'
import {
  ExecutePlanRequest_RequestOptionSchema,
  ReattachExecuteRequestSchema,
  type ExecutePlanRequest,
  type ExecutePlanResponse,
  type ReleaseExecuteRequest_ReleaseUntil,
  type SparkConnectService,
} from './gen/spark_connect_min_pb.ts'
import { isUnknownOperation } from './failure.ts'
import { Backoff, retried, type RetryPolicy } from './retry.ts'

/** The protocol's numbers of what to interrupt. */
export const INTERRUPT = { all: 1, tag: 2, operation: 3 } as const
/** How long a plan that is to be stopped is waited for until it has a job: on a server that has just started that takes as long. */
const PLANNING_MS = 10_000

/** A plan under way on the server, read to its end however often the connection breaks. */
export class Execution {
  readonly #service: Client<typeof SparkConnectService>
  readonly #request: ExecutePlanRequest
  readonly #policy: RetryPolicy
  readonly #stream = new AbortController()
  #lastResponseId: string | undefined
  #isWorking = false
  #hasOutcome = false
  #isComplete = false
  #patience: NodeJS.Timeout | undefined
  #releasing: Promise<void> | undefined
  #releaseNext: string | undefined

  constructor(service: Client<typeof SparkConnectService>, request: ExecutePlanRequest, policy: RetryPolicy) {
    this.#service = service
    this.#policy = policy
    const options = [
      { case: 'reattachOptions', value: { reattachable: true } },
      { case: 'resultChunkingOptions', value: { allowArrowBatchChunking: true } },
    ] as const
    this.#request = {
      ...request,
      requestOptions: options.map((requestOption) => create(ExecutePlanRequest_RequestOptionSchema, { requestOption })),
    }
  }

  /** True once there is a job for the plan, so far as the server has told. */
  get isWorking(): boolean {
    return this.#isWorking
  }

  /** True once the server has told all that a statement has done: nothing is left of it that could be stopped. */
  get hasOutcome(): boolean {
    return this.#hasOutcome
  }

  get #isKnown(): boolean {
    return this.#lastResponseId !== undefined
  }

  /** What the server answers, each answer once, asked for as fast as it is read. */
  async *responses(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const backoff = new Backoff(this.#policy)
    const { signal } = this.#stream
    let stream = this.#service.executePlan(this.#request, { signal })
    while (!this.#isComplete) {
      try {
        // no for await: left early, it would have connect read the answer to its end
        const answers = stream[Symbol.asyncIterator]()
        for (let next = await answers.next(); next.done !== true; next = await answers.next()) {
          const response = next.value
          backoff.reset()
          this.#lastResponseId = response.responseId
          this.#note(response)
          if (response.responseType.case === 'resultComplete') {
            this.#isComplete = true
            break
          }
          this.#forget(response.responseId)
          yield response
        }
        // without that end the stream was only cut: the server limits its time and size
        if (!this.#isComplete) stream = this.#reattach(signal)
      } catch (reason) {
        if (isUnknownOperation(reason) && !this.#isKnown && /OPERATION_NOT_FOUND/.test(String(reason))) {
          // the plan never came to the server
          await backoff.pause(reason, signal).catch(() => undefined)
          stream = this.#service.executePlan(this.#request, { signal })
          continue
        }
        await backoff.pause(reason, signal)
        stream = this.#reattach(signal)
      }
    }
  }

  /** Stops reading. */
  abort(): void {
    clearTimeout(this.#patience)
    this.#stream.abort()
  }

  /**
   * Stops reading as soon as the plan has a job, and answers then; a statement that is done is read to its end. Who interrupts before has Spark give the plan up and begin its first job all the
   * same, which nobody can stop any more: shuffles are submitted by another thread than the one that is interrupted.
   */
  async abandon(): Promise<void> {
    const { signal } = this.#stream
    if (this.#isWorking && !this.#hasOutcome) this.abort()
    if (signal.aborted) return
    this.#patience ??= setTimeout(() => this.abort(), PLANNING_MS)
    await once(signal, 'abort')
  }

  /** Tells the server to stop, unless the plan has ended. What it does not know yet it is told again: the plan may still be on its way. */
  async interrupt(): Promise<void> {
    if (this.#isComplete || this.#hasOutcome) return
    const interrupt = { case: 'operationId', value: this.#request.operationId ?? '' } as const
    const { operationId: _, ...session } = this.#handle()
    const request = { ...session, interruptType: INTERRUPT.operation, interrupt }
    for (const waitMs of [0, 50, 100, 200, 400]) {
      await sleep(waitMs)
      try {
        const { interruptedIds } = await this.#service.interrupt(request, { timeoutMs: 2000 })
        if (interruptedIds.length > 0 || this.#isKnown) return
      } catch {
        // a server that cannot be told has nobody to answer to either
        return
      }
    }
  }

  /** Lets the server forget the plan and what it answered; a plan under way ends. A server that is gone has forgotten. */
  async release(): Promise<void> {
    this.abort()
    this.#releaseNext = undefined
    await this.#releasing
    await this.#release(undefined)
  }

  #note({ responseType }: ExecutePlanResponse): void {
    const { case: kind, value } = responseType
    // a statement that is a query is answered with a relation whose rows are still to be asked for
    const isOutcome = kind === 'sqlCommandResult' && value.relation?.relType.case === 'localRelation'
    if (isOutcome || kind === 'checkpointCommandResult') this.#hasOutcome = true
    if (kind !== 'arrowBatch' && (kind !== 'executionProgress' || value.stages.length === 0)) return
    this.#isWorking = true
    if (this.#patience !== undefined && !this.#hasOutcome) this.abort()
  }

  #reattach(signal: AbortSignal): AsyncIterable<ExecutePlanResponse> {
    const lastResponseId = this.#lastResponseId
    const request = create(ReattachExecuteRequestSchema, {
      ...this.#handle(),
      ...(lastResponseId !== undefined && { lastResponseId }),
    })
    return this.#service.reattachExecute(request, { signal })
  }

  /** Lets the server forget the answers up to this one. Not waited for, and one at a time: what comes meanwhile is done at once. */
  #forget(responseId: string): void {
    this.#releaseNext = responseId
    this.#releasing ??= (async () => {
      while (this.#releaseNext !== undefined) {
        const until = this.#releaseNext
        this.#releaseNext = undefined
        await this.#release({ responseId: until })
      }
      this.#releasing = undefined
    })()
  }

  async #release(until: Pick<ReleaseExecuteRequest_ReleaseUntil, 'responseId'> | undefined): Promise<void> {
    const release =
      until === undefined
        ? ({ case: 'releaseAll', value: {} } as const)
        : ({ case: 'releaseUntil', value: until } as const)
    const once = { ...this.#policy, tries: Math.min(2, this.#policy.tries) }
    try {
      await retried(once, () => this.#service.releaseExecute({ ...this.#handle(), release }, { timeoutMs: 5000 }))
    } catch {
      // a release that is lost costs the server memory until it gives the plan up by itself
    }
  }

  #handle(): Pick<ExecutePlanRequest, 'sessionId'> & { operationId: string } {
    const { sessionId, operationId = '', userContext, clientType } = this.#request
    return {
      sessionId,
      operationId,
      ...(userContext !== undefined && { userContext }),
      ...(clientType !== undefined && { clientType }),
    }
  }
}

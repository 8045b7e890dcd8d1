import type { RequestFacts } from './misbehave.ts'

/** What a sample server has been asked so far. */
export interface RequestCounts {
  readonly total: number
  /** Answers by HTTP status; answers cut off before the end are not among them. */
  readonly byStatus: Readonly<Record<number, number>>
  /** Requests by path, without query. */
  readonly byPath: Readonly<Record<string, number>>
  /** Requests of the last second. */
  readonly thisSecond: number
  /** The most requests seen in any one second. */
  readonly maxPerSecond: number
}

/** Counts requests as they arrive. */
export class RequestLog {
  readonly counts = {
    total: 0,
    byStatus: {} as Record<number, number>,
    byPath: {} as Record<string, number>,
    thisSecond: 0,
    maxPerSecond: 0,
  }
  #recentMs: number[] = []

  /** The facts of a request that arrives now. */
  record(path: string): RequestFacts {
    const nowMs = performance.now()
    this.#recentMs = this.#recentMs.filter((atMs) => atMs > nowMs - 1000)
    this.#recentMs.push(nowMs)
    const { counts } = this
    counts.total += 1
    counts.byPath[path] = (counts.byPath[path] ?? 0) + 1
    counts.thisSecond = this.#recentMs.length
    counts.maxPerSecond = Math.max(counts.maxPerSecond, counts.thisSecond)
    const movieId = /^\/3\/movie\/(\d+)$/.exec(path)?.[1]
    return {
      number: counts.total,
      movieId: movieId === undefined ? undefined : Number(movieId),
      timesAsked: counts.byPath[path] ?? 1,
    }
  }

  /** Counts an answer that was sent to its end. */
  recordStatus(status: number): void {
    this.counts.byStatus[status] = (this.counts.byStatus[status] ?? 0) + 1
  }
}

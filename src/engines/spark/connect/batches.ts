import { tableFromIPC, type RecordBatch, type Schema } from 'apache-arrow'
import type { ExecutePlanResponse_ArrowBatch } from './gen/spark_connect_min_pb.ts'

/** Puts together what the server cut, and sees that nothing is missing. */
export class BatchReader {
  #chunks: Uint8Array[] = []
  #rows = 0n

  /** The batches that are whole now. Throws Error when the server left something out. */
  read(answer: ExecutePlanResponse_ArrowBatch): readonly RecordBatch[] {
    const chunkCount = Number(answer.numChunksInBatch ?? 1n)
    if (Number(answer.chunkIndex ?? 0n) !== this.#chunks.length)
      throw new Error(`part ${answer.chunkIndex} of a batch came after ${this.#chunks.length} of them`)
    this.#chunks.push(answer.data)
    if (this.#chunks.length < chunkCount) return []
    const bytes = chunkCount === 1 ? answer.data : Buffer.concat(this.#chunks)
    this.#chunks = []
    if (answer.startOffset !== undefined && answer.startOffset !== this.#rows)
      throw new Error(`row ${answer.startOffset} came after ${this.#rows} of them`)
    this.#rows += answer.rowCount
    const { batches } = readStream(bytes)
    const found = batches.reduce((sum, batch) => sum + batch.numRows, 0)
    if (BigInt(found) !== answer.rowCount) throw new Error(`${found} rows in a batch of ${answer.rowCount}`)
    return batches
  }
}

/** An Arrow IPC stream. One without rows has a batch all the same, so that its columns are known. */
export function readStream(bytes: Uint8Array): { readonly schema: Schema; readonly batches: readonly RecordBatch[] } {
  const { schema, batches } = tableFromIPC(bytes)
  return { schema, batches }
}

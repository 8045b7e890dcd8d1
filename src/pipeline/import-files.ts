import { basename } from 'node:path'
import { checkPayload } from '../bronze/check-payload.ts'
import { readPayloadFile } from '../bronze/read-file.ts'
import { sha256 } from '../bronze/rows.ts'
import type { PayloadRecord } from '../bronze/split-payloads.ts'
import { BronzeWriter } from './bronze-writer.ts'
import { ImportedBefore } from './imported-before.ts'
import { noteOf } from './ingest.ts'
import { checkRejections, rejectedOf } from './rejection-rate.ts'
import type { StepOutcome, StepTeller } from './run.ts'
import { payloadRules, type Session } from './session.ts'

const batch = { rows: 20_000, sizeBytes: 48 * 1024 * 1024, seconds: 60, isOverlapped: true }

/**
 * Takes the payloads of files into bronze as if they had been fetched at `fetchedAt` (ISO, UTC, six digits). What bronze has from that
 * instant is passed over, so that an import that was cut off, or is done twice, adds only what is missing. Throws InputError on a damaged
 * file and QualityError when too many records were refused; what was read before is kept.
 */
export async function importFiles(
  session: Session,
  files: readonly string[],
  fetchedAt: string,
  tell: StepTeller,
): Promise<StepOutcome> {
  const writer = new BronzeWriter(session, batch)
  const importer = new Importer(session, writer, fetchedAt, await ImportedBefore.read(session, fetchedAt))
  const outcome = (): StepOutcome => {
    const { kept, rejected, wrote } = writer
    const duplicates = importer.passedOver
    const status = kept + rejected === 0 ? 'unchanged' : 'ok'
    return {
      status,
      rows: kept,
      wrote,
      counts: { kept, rejected, duplicates },
      note: noteOf(kept, rejected, duplicates),
    }
  }
  tell.onEarlyEnd(outcome)
  try {
    for (const file of new Set(files)) {
      const label = labelOf(file, files)
      for await (const record of readPayloadFile(file, session.config.tmdb.max_body_bytes)) {
        session.signal.throwIfAborted()
        await importer.take(record, `file:${label}#${record.place}`)
        tell.progress(importer.seen)
      }
    }
  } finally {
    await writer.flush()
  }
  checkRejections(session, writer, importer.before)
  return outcome()
}

// the file's own name is enough, unless another one is called the same
const labelOf = (file: string, files: readonly string[]): string =>
  files.some((other) => other !== file && basename(other) === basename(file)) ? file : basename(file)

class Importer {
  readonly #session: Session
  readonly #writer: BronzeWriter
  readonly #fetchedAt: string
  readonly #earlier: ImportedBefore
  /** Records passed over: they were here already. */
  readonly before = { kept: 0, reasons: new Map<string, number>() }

  constructor(session: Session, writer: BronzeWriter, fetchedAt: string, earlier: ImportedBefore) {
    this.#session = session
    this.#writer = writer
    this.#fetchedAt = fetchedAt
    this.#earlier = earlier
  }

  get passedOver(): number {
    return this.before.kept + rejectedOf(this.before)
  }

  get seen(): number {
    return this.passedOver + this.#writer.kept + this.#writer.rejected
  }

  async take(record: PayloadRecord, request: string): Promise<void> {
    if ('text' in record) return this.#takeText(record.text, request)
    const { fault, sizeBytes } = record
    const message = `${sizeBytes} bytes${fault === 'not_utf8' ? ' that are not UTF-8' : ' are too many'}`
    return this.#refuse(request, fault, message)
  }

  async #takeText(body: string, request: string): Promise<void> {
    const check = checkPayload(body, payloadRules(this.#session.config))
    if (!check.isMovie) return this.#refuse(request, check.reason, check.message, body, check.movieId)
    const { movieId } = check
    const hash = sha256(body)
    const place = this.#earlier.take(movieId, hash)
    if (place === 'here') {
      this.before.kept += 1
      return
    }
    if (place === 'too many')
      return this.#refuse(request, 'too_many_payloads', 'the movie has 1000 payloads of this instant', body, movieId)
    const fetchedAt = laterBy(this.#fetchedAt, place)
    await this.#writer.keep({ movieId, fetchedAt, request, status: 200, body, sha256: hash })
  }

  async #refuse(request: string, reason: string, message: string, body?: string, movieId?: number): Promise<void> {
    if (this.#earlier.hasRefused(request, reason)) {
      this.before.reasons.set(reason, (this.before.reasons.get(reason) ?? 0) + 1)
      return
    }
    await this.#writer.refuse({
      movieId,
      rejectedAt: this.#fetchedAt,
      request,
      reason,
      message,
      attempts: 1,
      ...(body !== undefined && { body }),
    })
  }
}

/** The instant so many microseconds later, less than a thousand. */
const laterBy = (at: string, microseconds: number): string =>
  `${at.slice(0, -4)}${String(microseconds).padStart(3, '0')}Z`

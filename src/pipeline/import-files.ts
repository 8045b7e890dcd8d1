import { basename } from 'node:path'
import { bronzeMovies } from '../bronze/movies.ts'
import { checkPayload } from '../bronze/check-payload.ts'
import { readPayloadFile } from '../bronze/read-file.ts'
import { sha256 } from '../bronze/rows.ts'
import type { PayloadRecord } from '../bronze/split-payloads.ts'
import { BronzeWriter } from './bronze-writer.ts'
import { timestampOf } from './clock.ts'
import type { Progress, StepOutcome } from './run.ts'
import { payloadRules, type Session } from './session.ts'
import { nothingWritten, readWritten, type Written } from './written.ts'

const batch = { rows: 20_000, sizeBytes: 128 * 1024 * 1024, seconds: 60 }

/**
 * Takes the payloads of files into bronze as if they had been fetched at `fetchedAt` (ISO, UTC, six digits). A payload that bronze has of
 * the same movie and instant is passed over, so that a file may be imported again. Throws InputError on a damaged file; what was read before is kept.
 */
export async function importFiles(
  session: Session,
  files: readonly string[],
  fetchedAt: string,
  isResumed: boolean,
  progress: Progress,
): Promise<StepOutcome> {
  const writer = new BronzeWriter(session, batch)
  const written = isResumed ? await readWritten(session) : nothingWritten
  const labels = new Map(files.map((file) => [file, labelOf(file, files)]))
  const importer = new Importer(session, writer, fetchedAt, written, await readInstants(session, fetchedAt))
  try {
    for (const file of files) {
      for await (const record of readPayloadFile(file, session.config.tmdb.max_body_bytes)) {
        session.signal.throwIfAborted()
        await importer.take(record, `file:${labels.get(file) ?? file}#${record.place}`)
        progress(importer.seen)
      }
    }
  } finally {
    await writer.flush()
  }
  writer.checkRejections(written)
  const { kept, rejected } = writer.counts
  const { duplicates } = importer
  const parts = [
    `${kept} kept`,
    rejected > 0 && `${rejected} refused`,
    duplicates > 0 && `${duplicates} were here already`,
  ]
  return {
    status: kept + rejected === 0 ? 'unchanged' : 'ok',
    rows: kept,
    wrote: writer.wrote,
    counts: { kept, rejected, duplicates },
    note: parts.filter((part) => part !== false).join(', '),
  }
}

// the file's own name is enough, unless another one is called the same
const labelOf = (file: string, files: readonly string[]): string =>
  files.filter((other) => basename(other) === basename(file)).length > 1 ? file : basename(file)

/** Which payloads bronze has from an instant: sha256 by movie, with the last microsecond taken. */
type Instants = Map<number, Map<string, string>>

class Importer {
  readonly #session: Session
  readonly #writer: BronzeWriter
  readonly #fetchedAt: string
  readonly #written: Written
  readonly #instants: Instants
  seen = 0
  duplicates = 0

  constructor(session: Session, writer: BronzeWriter, fetchedAt: string, written: Written, instants: Instants) {
    this.#session = session
    this.#writer = writer
    this.#fetchedAt = fetchedAt
    this.#written = written
    this.#instants = instants
  }

  async take(record: PayloadRecord, request: string): Promise<void> {
    this.seen += 1
    if (this.#written.requests.has(request)) return
    if ('text' in record) return this.#takeText(record.text, request)
    const { fault, sizeBytes } = record
    await this.#refuse(
      request,
      fault,
      `${sizeBytes} bytes${fault === 'not_utf8' ? ' that are not UTF-8' : ' are too many'}`,
    )
  }

  async #takeText(body: string, request: string): Promise<void> {
    const check = checkPayload(body, payloadRules(this.#session.config))
    if (!check.isMovie) return this.#refuse(request, check.reason, check.message, body, check.movieId)
    const { movieId } = check
    const of = this.#instants.get(movieId) ?? new Map<string, string>()
    const hash = sha256(body)
    if (of.has(hash)) {
      this.duplicates += 1
      return
    }
    // two different payloads of one movie in a file: the later one counts as fetched a microsecond later
    const fetchedAt = [...of.values()].reduce(
      (latest, taken) => (taken >= latest ? nextMicrosecond(taken) : latest),
      this.#fetchedAt,
    )
    of.set(hash, fetchedAt)
    this.#instants.set(movieId, of)
    await this.#writer.keep({ movieId, fetchedAt, request, status: 200, body })
  }

  async #refuse(request: string, reason: string, message: string, body?: string, movieId?: number): Promise<void> {
    const rejectedAt = timestampOf(this.#session.clock())
    await this.#writer.refuse({
      movieId,
      rejectedAt,
      request,
      reason,
      message,
      attempts: 1,
      ...(body !== undefined && { body }),
    })
  }
}

async function readInstants({ engine, signal }: Session, fetchedAt: string): Promise<Instants> {
  const instants: Instants = new Map()
  if ((await engine.state(bronzeMovies.name)) === undefined) return instants
  const until = `${fetchedAt.slice(0, -4)}999Z`
  const rows = (await engine.open(bronzeMovies))
    .filter((m) => m.fetched_at.between(fetchedAt, until))
    .select('movie_id', 'sha256', 'fetched_at')
  for await (const { movie_id, sha256: hash, fetched_at } of rows.rows(signal)) {
    const of = instants.get(movie_id) ?? new Map<string, string>()
    instants.set(movie_id, of.set(hash, fetched_at))
  }
  return instants
}

const nextMicrosecond = (at: string): string =>
  `${at.slice(0, -7)}${String(Number(at.slice(-7, -1)) + 1).padStart(6, '0')}Z`

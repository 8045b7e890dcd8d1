// writes generated answers as NDJSON: node bench/generate.js --rows 1000 --out DIR [--changes 1] [--gzip]
import { createWriteStream, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { createGzip } from 'node:zlib'
import { answerOf, randomOf } from './answers.js'

const ROWS_PER_FILE = 25_000
const BUFFER_BYTES = 1 << 20

/** Answers for the movies 1 to `rows`, as several files. */
export async function writeAnswers({ rows, folder, isGzip = false }) {
  mkdirSync(folder, { recursive: true })
  const files = Array.from({ length: Math.ceil(rows / ROWS_PER_FILE) }, (_, index) => ({
    path: join(folder, `answers-${String(index).padStart(4, '0')}.ndjson${isGzip ? '.gz' : ''}`),
    first: index * ROWS_PER_FILE + 1,
    last: Math.min(rows, (index + 1) * ROWS_PER_FILE),
  }))
  const shares = [0, 1].map((half) => files.filter((_, index) => index % 2 === half))
  await Promise.all(
    shares.map((share) => once(new Worker(fileURLToPath(import.meta.url), { workerData: share }), 'exit')),
  )
}

/** Other answers for a random `percent` of those movies, as one file. */
export async function writeChanges({ rows, percent, path }) {
  const random = randomOf('changes', rows)
  const ids = random.someOf(
    Array.from({ length: rows }, (_, index) => index + 1),
    Math.ceil((rows * percent) / 100),
  )
  await writeFile(path, ids.map((id) => [id, 1]).values())
}

function* firstEditions({ first, last }) {
  for (let id = first; id <= last; id++) yield [id, 0]
}

async function writeFile(path, editions) {
  const file = createWriteStream(path)
  const end = path.endsWith('.gz') ? createGzip({ level: 1 }) : file
  if (end !== file) end.pipe(file)
  let text = ''
  for (const [id, edition] of editions) {
    text += `${answerOf(id, edition)}\n`
    if (text.length < BUFFER_BYTES) continue
    if (!end.write(text)) await once(end, 'drain')
    text = ''
  }
  end.end(text)
  await once(file, 'finish')
}

if (!isMainThread) {
  for (const share of workerData) await writeFile(share.path, firstEditions(share))
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000' }, out: { type: 'string', default: 'answers' }, changes: { type: 'string' }, gzip: { type: 'boolean' } } }) // prettier-ignore
  const rows = Number(values.rows)
  await writeAnswers({ rows, folder: values.out, isGzip: values.gzip })
  if (values.changes)
    await writeChanges({ rows, percent: Number(values.changes), path: join(values.out, 'changes.ndjson') })
}

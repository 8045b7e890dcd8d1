// a process among others on one table, `writer.ts FOLDER KIND NAME COUNT [careless]`: prints a line of JSON for what was acknowledged or seen
import { LocalStorage } from '../../../src/delta/local-storage.ts'
import { ConflictError, openDelta } from '../../../src/delta-table/index.ts'

const [folder = '', kind = '', name = '', count = '1', care = ''] = process.argv.slice(2)
class Careless extends LocalStorage {
  override async putIfAbsent(path: string, content: string | Uint8Array): Promise<boolean> {
    await this.put(path, content)
    return true
  }
}
const storage = care === 'careless' ? new Careless(folder) : new LocalStorage(folder)
const table = await openDelta(folder, { storage, threads: 1, memoryLimit: '300MB', rewriteBytes: 0 })
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const random = randomNumbers(Number(name.replace(/\D/g, '')) + 1)
const below = (n: number): number => Math.floor(random() * n)

const kinds: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
  async append(n) {
    const rows = Array.from({ length: 1 + (n % 3) }, (_, part) => ({ writer: name, n, part }))
    const { version } = await table.append(rows)
    return { version, writer: name, n, rows: rows.length }
  },
  /** Adds one to some rows, and leaves its name in them. */
  async change(n) {
    const ids = [...new Set([below(40), below(40), below(40)])]
    const stamp = `${name}-${n}`
    const set = { count: 'count + 1', stamps: `stamps || ' ${stamp}'` }
    const { version } = await table.update(`id IN (${ids.join(', ')})`, set)
    return { version, ids, stamp }
  },
  /** Moves an amount from one row to another. */
  async transfer() {
    const from = below(40)
    const to = (from + 1 + below(39)) % 40
    const amount = 1 + below(9)
    const set = {
      balance: `balance + CASE WHEN id = ${to} THEN ${amount} ELSE 0 END - CASE WHEN id = ${from} THEN ${amount} ELSE 0 END`,
    }
    const { version } = await table.update(`id IN (${from}, ${to})`, set)
    return { version, from, to, amount }
  },
  /** Puts one row in the place of another, and a new one into the table. */
  async merge(n) {
    const rows = [below(40), 1000 * Number(name.replace(/\D/g, '')) + n].map((id) => ({
      id,
      balance: n,
      count: 0,
      stamps: name,
    }))
    const { version } = await table.merge(rows, { on: ['id'] })
    return { version, merged: rows }
  },
  async optimize() {
    const { version, filesRemoved } = await table.optimize()
    return { version, filesRemoved }
  },
  /** What a reader sees who asks for the newest version, and for its rows. */
  async read() {
    const version = await table.version()
    const rows = await table.collect({ version })
    return {
      seen: version,
      rows: rows.length,
      count: await table.count({ version }),
      distinct: new Set(rows.map((row) => JSON.stringify(row))).size,
    }
  },
}
const work = kinds[kind]
if (work === undefined) throw new Error(`there is no work ${kind}`)
const stopping = new AbortController()
process.on('SIGTERM', () => stopping.abort())
for (let n = 0; !stopping.signal.aborted && n < Number(count); n += 1)
  await work(n).then(say, (error: unknown) => {
    // nothing was written, which is an answer as well
    if (!(error instanceof ConflictError)) throw error
    say({ conflict: error.message })
  })
await table.close()

/** Numbers from 0 to 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed * 7919
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
}

// a process among others on one table, `writer.ts FOLDER KIND NAME COUNT`: prints a line of JSON for what was acknowledged or seen
import { openDelta, type DeltaTable } from '../../../src/delta-table/index.ts'

const [folder = '', kind = '', name = '', count = '1'] = process.argv.slice(2)
const table = await openDelta(folder, { threads: 1, memoryLimit: '300MB', rewriteBytes: 0 })
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const random = randomNumbers(Number(name.replace(/\D/g, '')) + 1)
const below = (n: number): number => Math.floor(random() * n)

const kinds: Readonly<Record<string, (n: number, table: DeltaTable) => Promise<unknown>>> = {
  async append(n) {
    const rows = Array.from({ length: 1 + (n % 3) }, (_, part) => ({ writer: name, n, part }))
    const { version } = await table.append(rows)
    return { version, writer: name, n, rows: rows.length }
  },
  /** Adds one to some rows, by a merge or by an update, and leaves its name in them. */
  async change(n) {
    const ids = [...new Set([below(40), below(40), below(40)])]
    const stamp = `${name}-${n}`
    const set = { count: 'count + 1', stamps: `stamps || ' ${stamp}'` }
    const { version } = await table.update(`id IN (${ids.join(', ')})`, set)
    return { version, ids, stamp }
  },
  /** Moves an amount from one row to another. */
  async transfer(n) {
    const [from, to] = [below(40), below(40)]
    const amount = 1 + below(9)
    const set = { balance: `balance + CASE WHEN id = ${to} THEN ${amount} ELSE 0 END - CASE WHEN id = ${from} THEN ${amount} ELSE 0 END` }
    const { version } = await table.update(`id IN (${from}, ${to})`, set)
    return { version, n, from, to, amount }
  },
  /** Puts new rows into the table by a merge, and takes older ones of its own out of it. */
  async merge(n) {
    const rows = [0, 1].map((part) => ({ id: 1000 + 100 * n + 10 * part + Number(name.replace(/\D/g, '')), balance: 0, count: 0, stamps: '' }))
    const { version } = await table.merge(rows, { on: ['id'] })
    return { version, merged: rows.map(({ id }) => id) }
  },
  async optimize() {
    const { version, filesRemoved } = await table.optimize()
    return { version, filesRemoved }
  },
  /** What a reader sees who asks for the newest version, and for its rows. */
  async read() {
    const version = await table.version()
    const rows = await table.collect({ version })
    return { seen: version, rows: rows.length, count: await table.count({ version }), distinct: new Set(rows.map((row) => JSON.stringify(row))).size }
  },
}
const work = kinds[kind]
if (work === undefined) throw new Error(`there is no work ${kind}`)
let isOn = true
process.on('SIGTERM', () => {
  isOn = false
})
for (let n = 0; isOn && n < Number(count); n += 1) say(await work(n, table))
await table.close()

/** Numbers from 0 to 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed * 7919
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
}

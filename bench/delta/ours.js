// one step by movielake: ours.js FOLDER STEP, prints what it took and what it answered
import { join } from 'node:path'
import { DeltaLog } from '../../dist/delta/delta-log.js'
import { LocalStorage } from '../../dist/delta/local-storage.js'
import { createDelta, openDelta } from '../../dist/delta-table/index.js'
import { DuckdbCheckpoints } from '../../dist/engines/duckdb/duckdb-checkpoint.js'
import { DuckdbSession } from '../../dist/engines/duckdb/duckdb-session.js'
import { DuckdbVectors } from '../../dist/engines/duckdb/duckdb-vectors.js'
import { everyColumn, types } from './input.js'

const [folder, step] = process.argv.slice(2)
const table = join(folder, 'movielake')
const options = { threads: 2, memoryLimit: '1GB' }
const rowsOf = (name) => ({ sql: `SELECT * FROM read_parquet('${join(folder, 'input', name)}.parquet')` })
const tiny = join(folder, 'movielake-tiny')

const steps = {
  async write() {
    return using(
      await createDelta(table, { columns: types }, options),
      async (films) => (await films.append(rowsOf('rows'))).inserted,
    )
  },
  merge_random: () => merge('random'),
  merge_clustered: () => merge('clustered'),
  async append() {
    return using(await openDelta(table, options), async (films) => (await films.append(rowsOf('more'))).inserted)
  },
  sum: () => asked(countAndSum),
  sum_again: () => asked(countAndSum, { isAgain: true }),
  all: () => asked(everyColumn),
  async lookup() {
    return using(await openDelta(table, options), lookUp)
  },
  async lookup_again() {
    return using(await openDelta(table, options), async (films) => {
      await lookUp(films)
      restart()
      return lookUp(films)
    })
  },
  async tiny(count) {
    return using(await createDelta(tiny, { columns: { id: 'long', name: 'string' } }, options), async (films) => {
      for (let id = 0; id < count; id += 1) await films.append([{ id, name: `name ${id}` }])
      return (await films.collect()).length
    })
  },
  async commits() {
    return using(await openDelta(join(folder, 'commits'), options), async (films) => (await films.files()).length)
  },
  async files() {
    return using(await openDelta(join(folder, 'files'), options), async (films) => (await films.files()).length)
  },
}

const countAndSum = (rows) => `SELECT count(*) AS n, CAST(sum(vote_count) AS BIGINT) AS votes FROM ${rows}`
const lookUp = async (films) =>
  (await films.collect({ columns: ['title'], where: 'id = 777' })).map(({ title }) => title)

/** What a query over the table answers; with `isAgain` it is asked twice, and only the second time counts. */
async function asked(query, { isAgain = false } = {}) {
  const opening = DuckdbSession.open(options)
  const log = new DeltaLog(new DuckdbCheckpoints(opening), 'bench')
  const read = () => log.read({ table, storage: new LocalStorage(table) })
  // as openDelta does
  const [session] = await Promise.all([opening, read()])
  const vectors = await DuckdbVectors.open(session)
  const ask = async () => {
    const snapshot = await read()
    const scan = await vectors.scanSql({ snapshot, files: [...snapshot.files.values()], columns: snapshot.schema })
    const [row] = await session.rows(query(`(${scan})`))
    return Object.values(row).map(Number)
  }
  if (isAgain) {
    await ask()
    restart()
  }
  const answer = await ask()
  await session.close()
  return answer
}

async function merge(name) {
  return using(
    await openDelta(table, options),
    async (films) => (await films.merge(rowsOf(name), { on: ['id'], matched: 'replace' })).updated,
  )
}

async function using(films, work) {
  try {
    return await work(films)
  } finally {
    await films.close()
  }
}

let [before, started] = [process.cpuUsage(), performance.now()]
/** What was done until now does not count. */
function restart() {
  before = process.cpuUsage()
  started = performance.now()
}

const answer = await steps[step](Number(process.argv[4]))
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
console.log(
  JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024, answer }),
)

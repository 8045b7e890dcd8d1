import { expect, it } from 'vitest'
import { openSpark } from '../../../src/engines/spark/connect/index.ts'
import { openSparkQueries } from '../../../src/engines/spark/spark-session.ts'
import { sparkUrl } from './server.ts'

const MIB = 2 ** 20
const columns = Array.from({ length: 20 }, (_, i) =>
  [`id + ${i}`, `id / ${i + 1}`, `concat('title ', id, ' ', ${i})`, `date_add(DATE '2000-01-01', CAST(id % 9999 AS INT))`].map(
    (sql) => `${sql} AS c${i}`,
  )[i % 4],
) // prettier-ignore

it('a million rows of twenty columns go through in flat memory', async () => {
  await using session = await openSpark(sparkUrl)
  const sql = `SELECT ${columns.join(', ')} FROM range(0, 1000000, 1, 100)`
  const began = Date.now()
  let rowCount = 0
  const used: number[] = []
  for await (const rows of session.rows(sql)) {
    rowCount += rows.length
    used.push(process.memoryUsage().rss / MIB)
  }
  const seconds = (Date.now() - began) / 1000
  const growth = Math.max(...used) - (used[0] ?? 0)
  console.log(`1M x 20 rows: ${seconds.toFixed(1)} s, ${Math.round(growth)} MiB more than at the first of them`)
  expect(rowCount).toBe(1_000_000)
  expect(growth).toBeLessThan(300)
})

it('the server waits for a slow reader', async () => {
  await using session = await openSpark(sparkUrl)
  let batches = 0
  for await (const _ of session.batches(
    'SELECT id, repeat("x", 1000) FROM range(0, 40000, 1, 40)'.replaceAll('"', "'"),
  )) {
    batches += 1
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
  expect(batches).toBeGreaterThanOrEqual(40)
})

it('two clients work at once', async () => {
  const clients = await Promise.all([openSparkQueries(sparkUrl), openSparkQueries(sparkUrl)])
  const sums = await Promise.all(
    clients.map(async ({ session }, i) => {
      await session.upload('mine', { id: 'int' }, [{ id: i }])
      const rows = await session.collect('SELECT sum(r.id * mine.id) AS s FROM range(200000) r CROSS JOIN mine')
      return rows[0]?.['s']
    }),
  )
  expect(sums).toEqual([0n, 19_999_900_000n])
  await Promise.all(clients.map(({ session }) => session.close()))
})

// runs one of the SQL files beside it in the current folder: node bench/by-hand/run.js build [--timings]
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [step, flag] = process.argv.slice(2)
const text = readFileSync(new URL(`${step}.sql`, import.meta.url), 'utf8')
for (const layer of ['silver', 'gold']) mkdirSync(`by-hand/${layer}`, { recursive: true })
const instance = await DuckDBInstance.create(':memory:', {
  threads: process.env.BENCH_THREADS ?? '2',
  memory_limit: process.env.BENCH_MEMORY ?? '1GB',
  temp_directory: 'by-hand/temp',
  preserve_insertion_order: 'false',
})
const connection = await instance.connect()
await connection.run(`set TimeZone = 'UTC'`)
for (const statement of text.split(/;\n/).filter((part) => part.trim() !== '')) {
  const started = performance.now()
  const before = process.cpuUsage()
  const reader = await connection.runAndReadAll(statement)
  if (step.startsWith('kpis')) console.log(JSON.stringify(reader.getRowObjectsJson()))
  if (flag === '--timings') {
    const { user, system } = process.cpuUsage(before)
    const seconds = (performance.now() - started) / 1000
    console.error(seconds.toFixed(2), ((user + system) / 1e6).toFixed(2), statement.trim().split('\n').at(-1))
  }
}
connection.closeSync()
instance.closeSync()
rmSync('by-hand/staged.parquet', { force: true })

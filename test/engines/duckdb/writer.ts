// a writer in a process of its own: `writer.ts append|merge ROOT FIRST_ID COMMITS`
import { openDuckdb } from '../../../src/engines/duckdb/duckdb-engine.ts'
import { sql } from '../../../src/frame/index.ts'
import { bigint, stored, string } from '../../../src/table.ts'

const [kind = 'append', root = '', first = '0', commits = '1'] = process.argv.slice(2)
const events = stored({
  name: 'bronze.events',
  grain: 'one row per event',
  key: ['id'],
  columns: { id: bigint('id'), note: string('note', { nullable: true }) },
})
const lake = await openDuckdb({ root, threads: 1, memoryLimit: '200MB', tempDirectory: `${root}/tmp` })
process.stdout.write('ready\n')
for (let n = 0; n < Number(commits); n += 1) {
  if (kind === 'append') await lake.append(events, [{ id: Number(first) + n, note: kind }], { runId: kind })
  else {
    const source = sql({ id: 'bigint', note: 'string' })`select i as id, ${`round ${n}`} as note from range(20000) r(i)`
    const pending = await lake.merge(events, source as never)
    await pending.commit({ runId: kind })
  }
  process.stdout.write(`${n}\n`)
}
await lake.close()

// what commits did to rows, as Spark's change data feed tells it and as we read it
import path from 'node:path'
import { fieldOf } from './generate.js'
import { firstDifference } from './values.js'

const feed = { 'delta.enableChangeDataFeed': 'true' }
const kinds = [
  { kind: 'plain', properties: {}, partition_by: [] },
  {
    kind: 'with deletion vectors, in partitions',
    properties: { 'delta.enableDeletionVectors': 'true' },
    partition_by: ['place'],
  },
  { kind: 'mapped by id, in partitions', properties: { 'delta.columnMapping.mode': 'id' }, partition_by: ['place'] },
]
const fields = [
  fieldOf('id', 'long'),
  fieldOf('place', 'string'),
  fieldOf('n', 'integer'),
  fieldOf('who', { type: 'struct', fields: [fieldOf('name', 'string'), fieldOf('at', 'timestamp')] }),
]
const places = ['a/b=c %+ü', '日本 & co', null]
const row = (id, n = '0') => ({
  id: String(id),
  place: places[id % places.length],
  n,
  who: id % 4 === 0 ? null : { name: `n${id}`, at: '2025-12-09T10:45:30.000001Z' },
})
const rowsOf = (from, to, n) => Array.from({ length: to - from }, (_, i) => row(from + i, n))

const steps = [
  ['Spark', 'append', { fields, rows: rowsOf(0, 12) }],
  ['Spark', 'update', { where: 'id % 2 = 0', column: 'n', value: 'n + 1' }],
  ['Spark', 'delete', { where: 'id = 7' }],
  ['Spark', 'delete', { where: "place = 'a/b=c %+ü'" }],
  ['Spark', 'merge', { fields, rows: [...rowsOf(1, 3, '9'), ...rowsOf(20, 23)], on: ['id'] }],
  ['movielake', 'append', { fields, rows: rowsOf(30, 33) }],
  ['Spark', 'optimize', {}],
  ['Spark', 'update', { where: 'id > 20', column: 'who', value: 'NULL' }],
  ['movielake', 'overwrite', { fields, rows: rowsOf(40, 44, '5') }],
]

/** Makes tables with a change data feed, changes them, and compares what both then tell. `report` is told of each table. */
export async function runChangeFeed({ engines, folder, report }) {
  const [spark, movielake] = ['Spark', 'movielake'].map((name) => engines.find((engine) => engine.name === name))
  for (const { kind, properties, partition_by } of kinds) {
    const title = `change data feed, ${kind}`
    const table = path.join(folder, title.replaceAll(/[ ,]+/g, '-'))
    // what maps columns is not written here
    const isMapped = properties['delta.columnMapping.mode'] !== undefined
    try {
      await spark.ask('create', { path: table, fields, partition_by, properties: { ...feed, ...properties } })
      for (const [name, command, request] of steps) {
        const engine = name === 'Spark' || isMapped ? spark : movielake
        await engine.ask(command, { path: table, ...request })
      }
      const told = await spark.ask('changes', { path: table, since: 0 })
      const found = await movielake.ask('changes', { path: table, since: 0 })
      const problem = firstDifference(told.fields, told.rows, found.rows)
      report(problem === undefined ? { passed: title } : { failed: `${title}: movielake ${problem}`, steps: [] })
    } catch (error) {
      report({ failed: `${title}: ${error.message}`, steps: [] })
    }
  }
}

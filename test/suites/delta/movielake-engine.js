// our tables, asked as the other engines are: one function for each request
import path from 'node:path'
import { createDelta, openDelta } from '../../../dist/delta-table/index.js'
import { parseValue, renderValue } from './values.js'

const options = { threads: 1, memoryLimit: '512MB' }

async function withTable(path, work, more = {}) {
  const table = await openDelta(path, { ...options, ...more })
  try {
    return await work(table)
  } finally {
    await table.close()
  }
}

const parseRows = (fields, rows) =>
  rows.map((row) => Object.fromEntries(fields.map(({ name, type }) => [name, parseValue(type, row[name])])))

const commands = {
  async create({ path, fields, partition_by, properties }) {
    const columns = Object.fromEntries(fields.map(({ name, type }) => [name, type]))
    const table = await createDelta(path, { columns, partitionBy: partition_by, properties }, options)
    await table.close()
  },
  append: ({ path, fields, rows }) => withTable(path, (table) => table.append(parseRows(fields, rows))),
  overwrite: ({ path, fields, rows }) => withTable(path, (table) => table.overwrite(parseRows(fields, rows))),
  merge: ({ path, fields, rows, on, ...more }) =>
    withTable(path, (table) => table.merge(parseRows(fields, rows), { on }), more),
  delete: ({ path, where, ...more }) => withTable(path, (table) => table.delete(where), more),
  update: ({ path, where, column, value, ...more }) =>
    withTable(path, (table) => table.update(where, { [column]: value }), more),
  optimize: ({ path }) => withTable(path, (table) => table.optimize()),
  z_order: ({ path, by }) => withTable(path, (table) => table.optimize({ zOrderBy: by })),
  checkpoint: ({ path }) => withTable(path, (table) => table.checkpoint()),
  add_columns: ({ path, fields }) =>
    withTable(path, (table) => table.addColumns(Object.fromEntries(fields.map(({ name, type }) => [name, type])))),
  widen: ({ path, name, type }) => withTable(path, (table) => table.widenColumn(name, type)),
  restore: ({ path, version }) => withTable(path, (table) => table.restore({ version })),
  vacuum: ({ path }) => withTable(path, (table) => table.vacuum({ retentionHours: 0, allowShortRetention: true })),
  scanned: ({ path, where }) =>
    withTable(path, async (table) => (await table.files({ where })).map((file) => file.path)),
  rows: ({ path, version, where }) =>
    withTable(path, async (table) => {
      const at = version === undefined ? {} : { version }
      const fields = await table.schema(at)
      const found = await table.collect({ ...at, ...(where !== undefined && { where }) })
      const rows = found.map((row) =>
        Object.fromEntries(fields.map(({ name, type }) => [name, renderValue(type, row[name])])),
      )
      return { fields, rows, version: await table.version() }
    }),
  changes: ({ path, since }) =>
    withTable(path, async (table) => {
      const fields = await table.schema()
      const rows = []
      for await (const { change, version, row } of table.changes({ from: since })) {
        const known = fields.map(({ name, type }) => [name, renderValue(type, row[name] ?? null)])
        rows.push({ ...Object.fromEntries(known), _change_type: change, _commit_version: String(version) })
      }
      return { fields, rows }
    }),
  files: ({ path: folder }) =>
    withTable(folder, async (table) => (await table.files()).map((file) => path.posix.basename(file.path)).sort()),
  history: ({ path }) =>
    withTable(path, async (table) => (await table.history()).map(({ version, operation }) => [version, operation])),
}

/** The engine under test, in this process. */
export const movielake = {
  name: 'movielake',
  ask: (command, request) => commands[command](request),
  close: async () => {},
  isGone: () => false,
}

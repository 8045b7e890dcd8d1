import { readdir } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createDelta,
  openDelta,
  type DeltaOptions,
  type DeltaRow,
  type DeltaTable,
  type RowChange,
} from '../../src/delta-table/index.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { commitPath } from '../../src/delta/log.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const film = (id: number, title: string | null = null, votes = 0): DeltaRow => ({ id, title, votes })

async function films(rows: readonly DeltaRow[] = [], options: DeltaOptions = {}): Promise<DeltaTable> {
  const columns = { id: 'long', title: 'string', votes: 'long' }
  const table = await createDelta(`${await tempFolder()}/films`, { columns }, { threads: 1, ...options })
  onTestFinished(() => table.close())
  if (rows.length > 0) await table.append(rows)
  return table
}
async function rowsOf(table: DeltaTable, options = {}): Promise<readonly DeltaRow[]> {
  return (await table.collect(options)).toSorted((a, b) => Number(a['id']) - Number(b['id']))
}
const count = (n: number, of: (i: number) => DeltaRow): readonly DeltaRow[] =>
  Array.from({ length: n }, (_, i) => of(i))

describe('reading', () => {
  it('answers columns, rows under a condition, and older versions', async () => {
    const table = await films([film(1, 'Alien'), film(2, 'Brazil')])
    await table.append([film(3, 'Contact')])
    expect(await rowsOf(table, { columns: ['title'], where: 'id > 1' })).toEqual([{ title: 'Brazil' }, { title: 'Contact' }]) // prettier-ignore
    expect(await rowsOf(table, { version: 1 })).toHaveLength(2)
    expect(await table.count()).toBe(3)
    expect(await table.version()).toBe(2)
    await expect(rowsOf(table, { columns: ['tilte'] })).rejects.toMatchObject({ fault: 'mismatch' })
  })

  it('tells history and files', async () => {
    const table = await films([film(1)])
    expect((await table.history()).map(({ version, operation }) => [version, operation])).toEqual([
      [1, 'WRITE'],
      [0, 'CREATE TABLE'],
    ])
    expect(await table.files()).toEqual([expect.objectContaining({ rows: 1, deletedRows: 0, partition: {} })])
  })

  it('knows no table where none is', async () => {
    await expect(openDelta(await tempFolder())).rejects.toMatchObject({ fault: 'missing' })
  })
})

describe('writing', () => {
  it('makes no table where one is', async () => {
    const path = await tempFolder()
    const first = await createDelta(path, { columns: { id: 'long' } })
    onTestFinished(() => first.close())
    await expect(createDelta(path, { columns: { id: 'long' } })).rejects.toMatchObject({ fault: 'conflict' })
  })

  it('takes rows from a query', async () => {
    const table = await films()
    const sql = `SELECT i AS id, 'M' || i AS title, i * 10 AS votes FROM range(1000) r(i)`
    expect(await table.append({ sql })).toMatchObject({ version: 1, inserted: 1000 })
    expect(await rowsOf(table, { where: 'id = 7' })).toEqual([film(7, 'M7', 70)])
  })

  it('makes a numbered write once', async () => {
    const table = await films()
    const transaction = { appId: 'loader', version: 5 }
    await table.append([film(1)], { transaction, userMetadata: 'night run' })
    expect(await table.append([film(1)], { transaction })).toMatchObject({ version: 1, inserted: 0 })
    expect(await table.count()).toBe(1)
    expect((await table.history())[0]).toMatchObject({ userMetadata: 'night run' })
  })

  it.each([
    ['updates and inserts', {}, [film(1), film(2, 'new'), film(3, 'new')], [1, 1, 0]],
    ['inserts alone', { matched: 'keep' }, [film(1), film(2), film(3, 'new')], [1, 0, 0]],
    ['updates all it meets', { matched: 'replace' }, [film(1), film(2, 'new'), film(3, 'new')], [1, 1, 0]],
    ['updates alone', { notMatched: 'skip' }, [film(1), film(2, 'new')], [0, 1, 0]],
    ['deletes what it meets', { matched: 'delete', notMatched: 'skip' }, [film(1)], [0, 0, 1]],
    ['deletes what it meets and inserts the rest', { matched: 'delete' }, [film(1), film(3, 'new')], [1, 0, 1]],
    ['deletes what the source lacks', { notMatchedBySource: 'delete' }, [film(2, 'new'), film(3, 'new')], [1, 1, 1]],
  ] as const)('%s in a merge', async (_, clauses, expected, [inserted, updated, deleted]) => {
    const table = await films([film(1), film(2)])
    const done = await table.merge([film(2, 'new'), film(3, 'new')], { on: ['id'], ...clauses })
    expect(done).toMatchObject({ inserted, updated, deleted })
    expect(await rowsOf(table)).toEqual(expected)
  })

  it('updates what differs, and with `replace` all it meets', async () => {
    const table = await films([film(1), film(2)])
    expect(await table.merge([film(1)], { on: ['id'] })).toMatchObject({ version: 1, updated: 0 })
    expect(await table.merge([film(1)], { on: ['id'], matched: 'replace' })).toMatchObject({ version: 2, updated: 1 })
  })

  it.each([
    ['anew', 2 ** 26],
    ['with deletion vectors', 0],
  ])('deletes and updates by a condition, files written %s', async (_, rewriteBytes) => {
    const table = await films(
      count(100, (i) => film(i, 'old', i)),
      { rewriteBytes },
    )
    expect(await table.delete('id >= 97')).toMatchObject({ deleted: 3 })
    expect(await table.update('id < 2', { title: `upper(title)`, votes: 'votes + 1' })).toMatchObject({ updated: 2 })
    expect(await rowsOf(table, { where: 'id < 3' })).toEqual([film(0, 'OLD', 1), film(1, 'OLD', 2), film(2, 'old', 2)])
    expect(await table.count()).toBe(97)
    const hidden = (await table.files()).reduce((sum, { deletedRows }) => sum + deletedRows, 0)
    expect(hidden).toBe(rewriteBytes === 0 ? 5 : 0)
  })

  it('commits nothing when a condition is true for no row', async () => {
    const table = await films([film(1)])
    expect(await table.delete('id = 7')).toMatchObject({ version: 1, deleted: 0 })
  })

  it('says what is wrong with a condition or an assignment', async () => {
    const table = await films([film(1)])
    await expect(table.delete('tilte = 1')).rejects.toThrow('tilte')
    await expect(table.update('true', { tilte: '1' })).rejects.toMatchObject({ fault: 'mismatch' })
  })

  it('does a change again when another writer was first', async () => {
    const table = await films(count(50, (i) => film(i)))
    const others = Array.from({ length: 4 }, (_, i) => table.update(`id % 4 = ${i}`, { votes: 'votes + 1' }))
    await Promise.all([...others, table.append([film(100)])])
    const rows = await rowsOf(table)
    expect(rows.slice(0, 50).every(({ votes }) => votes === 1)).toBe(true)
    expect(rows).toHaveLength(51)
  })
})

describe('changes between versions', () => {
  const changesOf = async (
    table: DeltaTable,
    from: number,
    key: readonly string[] = [],
  ): Promise<readonly unknown[]> => {
    const changes: RowChange[] = []
    for await (const change of table.changes({ from, key })) changes.push(change)
    return changes.map(({ version, change, row }) => [version, change, row['id'], row['title']])
  }

  it('are the rows that differ, not those that were only written anew', async () => {
    const table = await films([film(1), film(2), film(3)])
    await table.merge([film(2, 'new'), film(4)], { on: ['id'] })
    await table.delete('id = 3')
    expect(await changesOf(table, 2)).toEqual([
      [2, 'delete', 2, null],
      expect.arrayContaining([2, 'insert']),
      expect.arrayContaining([2, 'insert']),
      [3, 'delete', 3, null],
    ])
    expect(await changesOf(table, 2, ['id'])).toEqual(
      expect.arrayContaining([
        [2, 'update_preimage', 2, null],
        [2, 'update_postimage', 2, 'new'],
        [2, 'insert', 4, null],
        [3, 'delete', 3, null],
      ]),
    )
  })

  it('are the same for rows hidden by deletion vectors, and none for an optimize', async () => {
    const table = await films(
      count(10, (i) => film(i)),
      { rewriteBytes: 0 },
    )
    await table.delete('id = 3')
    await table.delete('id = 4')
    await table.optimize()
    expect(await changesOf(table, 2)).toEqual([
      [2, 'delete', 3, null],
      [3, 'delete', 4, null],
    ])
  })

  it('end with the newest version', async () => {
    const table = await films([film(1)])
    const found: number[] = []
    for await (const { version } of table.changes({ from: 1, to: 9 })) found.push(version)
    expect(found).toEqual([1])
  })

  it('are not told where a commit between is missing', async () => {
    const storage = new LocalStorage(await tempFolder())
    const table = await films([film(1)], { storage })
    for (const id of [2, 3, 4]) {
      await table.append([film(id)])
      await table.checkpoint()
    }
    await storage.delete(commitPath(3))
    await expect(table.changes({ from: 3 }).next()).rejects.toMatchObject({
      fault: 'missing',
      message: expect.stringContaining('the log no longer has version 3'),
    })
  })
})

describe('maintenance', () => {
  it('brings small files together and leaves older versions readable', async () => {
    const table = await films()
    for (const id of [1, 2, 3]) await table.append([film(id)])
    expect(await table.optimize()).toEqual({ version: 4, filesAdded: 1, filesRemoved: 3 })
    expect(await table.files()).toHaveLength(1)
    expect(await rowsOf(table)).toEqual([film(1), film(2), film(3)])
    expect(await rowsOf(table, { version: 2 })).toEqual([film(1), film(2)])
    expect(await table.optimize()).toEqual({ version: 4, filesAdded: 0, filesRemoved: 0 })
  })

  it('sorts rows so that files differ in each column', async () => {
    const table = await films(count(4096, (i) => film(i % 64, `t${i}`, Math.floor(i / 64))))
    await table.optimize({ zOrderBy: ['id', 'votes'] })
    const rows = await table.collect()
    const first = rows.slice(0, 1024)
    expect(new Set(first.map(({ id }) => id)).size).toBe(32)
    expect(new Set(first.map(({ votes }) => votes)).size).toBe(32)
  })

  it('takes what no version needs off the disk, once it is old enough', async () => {
    const table = await films([film(1)])
    await table.overwrite([film(2)])
    expect((await table.vacuum()).files).toEqual([])
    await expect(table.vacuum({ retentionHours: 0 })).rejects.toMatchObject({ fault: 'mismatch' })
    const short = { retentionHours: -1, allowShortRetention: true }
    expect((await table.vacuum({ ...short, dryRun: true })).files).toHaveLength(1)
    expect(await rowsOf(table, { version: 1 })).toEqual([film(1)])
    expect((await table.vacuum(short)).files).toHaveLength(1)
    expect(await rowsOf(table)).toEqual([film(2)])
    await expect(rowsOf(table, { version: 1 })).rejects.toThrow('parquet')
  })

  it('leaves what a restore brings back while files are looked for', async () => {
    class Slow extends LocalStorage {
      meanwhile: (() => Promise<unknown>) | undefined
      override async list(folder: string) {
        const found = await super.list(folder)
        const work = folder === '' ? this.meanwhile : undefined
        if (work !== undefined) this.meanwhile = undefined
        await work?.()
        return found
      }
    }
    const storage = new Slow(await tempFolder())
    const table = await films([film(1)], { storage })
    await table.overwrite([film(2)])
    storage.meanwhile = () => table.restore({ version: 1 })
    expect(await table.vacuum({ retentionHours: -1, allowShortRetention: true })).toEqual({ files: [], sizeBytes: 0 })
    expect(await rowsOf(table)).toEqual([film(1)])
  })

  it('says when files go that it brings back, and what to do then', async () => {
    class Losing extends LocalStorage {
      lost = ''
      override async putIfAbsent(path: string, content: string) {
        if (content.includes('RESTORE')) await this.delete(this.lost)
        return super.putIfAbsent(path, content)
      }
    }
    const storage = new Losing(await tempFolder())
    const table = await films([film(1)], { storage })
    storage.lost = (await table.files())[0]?.path ?? ''
    await table.overwrite([film(2)])
    await expect(table.restore({ version: 1 })).rejects.toMatchObject({
      fault: 'missing',
      message: expect.stringContaining(`a vacuum has taken ${storage.lost} while version 3 brought it back`),
      hint: 'restore version 2, which was current before',
    })
    await table.restore({ version: 2 })
    expect(await rowsOf(table)).toEqual([film(2)])
  })

  it('goes back to an older version, and forth again', async () => {
    const table = await films([film(1)])
    await table.addColumns({ year: 'integer' })
    await table.overwrite([{ ...film(2), year: 1979 }])
    expect(await table.restore({ version: 1 })).toBe(4)
    expect(await rowsOf(table)).toEqual([film(1)])
    await table.restore({ version: 3 })
    expect(await rowsOf(table)).toEqual([{ ...film(2), year: 1979 }])
    expect(await table.restore({ version: 3 })).toBe(5)
  })

  it.each([
    ['delta.logRetentionDuration', 'a month'],
    ['delta.checkpointInterval', '0'],
    ['delta.appendOnly', 'yes'],
  ])('sets %s to no %s', async (name, value) => {
    const table = await films()
    await expect(table.setProperties({ [name]: value })).rejects.toMatchObject({ fault: 'mismatch' })
    await table.setProperties({ 'delta.logRetentionDuration': 'interval 2 days', 'delta.checkpointInterval': '20' })
  })

  it('adds no column that is there', async () => {
    const table = await films()
    await expect(table.addColumns({ Title: 'string' })).rejects.toThrow('Title: there is another of that name')
    await expect(table.addColumns({ b: 'long', B: 'long' })).rejects.toThrow('B: there is another of that name')
    expect(await table.version()).toBe(0)
  })

  it('makes no commit of changes to what a table is already', async () => {
    const table = await films()
    const properties = { 'delta.enableTypeWidening': 'true', owner: 'us' }
    const version = await table.setProperties(properties)
    expect(await table.setProperties(properties)).toBe(version)
    expect(await table.setProperties({})).toBe(version)
    expect(await table.widenColumn('votes', 'long')).toBe(version)
    expect(await table.addColumns({})).toBe(version)
    expect(await table.version()).toBe(version)
  })

  it('adds columns and sets properties, but none that others would have to understand', async () => {
    const table = await films([film(1)])
    await table.addColumns({ year: 'integer' })
    expect(await rowsOf(table)).toEqual([{ ...film(1), year: null }])
    await table.setProperties({ 'delta.appendOnly': 'true', owner: 'us' })
    expect((await table.metadata()).configuration).toEqual({ 'delta.appendOnly': 'true', owner: 'us' })
    await expect(table.delete('true')).rejects.toMatchObject({ fault: 'unsupported' })
    await expect(table.setProperties({ 'delta.enableChangeDataFeed': 'true' })).rejects.toMatchObject({
      fault: 'unsupported',
    })
  })

  it.each([
    ['a partition column that is none', { partitionBy: ['year'] }, 'has no column year'],
    [
      'a property of a feature',
      { properties: { 'delta.columnMapping.mode': 'name' } },
      'delta.columnMapping.mode cannot',
    ],
  ])('makes no table with %s', async (_, definition, message) => {
    const folder = await tempFolder()
    await expect(createDelta(folder, { columns: { id: 'long' }, ...definition })).rejects.toThrow(message)
    expect(await readdir(folder)).toEqual([])
  })

  it('tells in the history what was done with rows, by the names that Spark uses', async () => {
    const table = await films([film(1), film(2)])
    await table.update('id = 2', { title: "'Alien'" })
    await table.delete('id = 1')
    const [deleted, updated] = await table.history()
    expect(updated).toMatchObject({ operation: 'UPDATE', metrics: { numUpdatedRows: '1', numAddedFiles: '1' } })
    expect(deleted).toMatchObject({ operation: 'DELETE', metrics: { numDeletedRows: '1', numRemovedFiles: '1' } })
    await table.merge([film(3)], { on: ['id'], matched: 'delete', notMatchedBySource: 'delete' })
    expect((await table.history())[0]?.parameters).toMatchObject({
      predicate: '["(t.id = s.id)"]',
      matchedPredicates: '[{"actionType":"delete"}]',
      notMatchedPredicates: '[{"actionType":"insert"}]',
      notMatchedBySourcePredicates: '[{"actionType":"delete"}]',
    })
  })

  it('copies a version with its deletion vectors', async () => {
    const table = await films(
      count(10, (i) => film(i)),
      { rewriteBytes: 0 },
    )
    await table.delete('id = 3')
    const path = `${await tempFolder()}/copy`
    await table.clone(path)
    const copy = await openDelta(path)
    onTestFinished(() => copy.close())
    expect(await copy.count()).toBe(9)
    await copy.append([film(3)])
    expect((await table.count()) - (await copy.count())).toBe(-1)
  })

  it('writes a checkpoint from which a reader starts', async () => {
    const table = await films([film(1)])
    await table.checkpoint()
    expect(await table.count()).toBe(1)
  })

  it('copies into no folder that has a table, and leaves it as it was', async () => {
    const [table, other] = [await films([film(1)]), await films([film(2)])]
    const path = (await tempFolder()).concat('/copy')
    await other.clone(path)
    const before = await readdir(path)
    await expect(table.clone(path)).rejects.toMatchObject({ fault: 'conflict' })
    expect(await readdir(path)).toEqual(before)
  })
})

describe('names', () => {
  const made = async (names: readonly string[], options: DeltaOptions = {}): Promise<DeltaTable> => {
    const columns = Object.fromEntries(names.map((name) => [name, 'long']))
    const table = await createDelta(await tempFolder(), { columns }, { threads: 1, ...options })
    onTestFinished(() => table.close())
    return table
  }

  it.each([[[]], [['id']]])('tells changes of a column called __change, by the key %j', async (key) => {
    const table = await made(['id', '__change'])
    await table.append([{ id: 1, __change: 5 }])
    await table.update('true', { __change: '6' })
    const found: unknown[] = []
    for await (const { change, row } of table.changes({ from: 1, key })) found.push([change, row['__change']])
    const [went, came] = key.length > 0 ? ['update_preimage', 'update_postimage'] : ['delete', 'insert']
    expect(found).toEqual([
      ['insert', 5],
      [went, 5],
      [came, 6],
    ])
  })

  it('overwrites rows that differ, whatever the columns are called', async () => {
    const table = await made(['r', 't', 's', 'h'])
    await table.append([{ r: 1, t: 1, s: 1, h: 1 }])
    await table.overwrite([{ r: 1, t: 2, s: 1, h: 1 }])
    expect(await table.collect()).toEqual([{ r: 1, t: 2, s: 1, h: 1 }])
    await table.merge([{ r: 1, t: 2, s: 3, h: 1 }], { on: ['r', 't'] })
    expect(await table.collect()).toEqual([{ r: 1, t: 2, s: 3, h: 1 }])
  })

  it.each(['file_index', 'File_Row_Number', '__file', '__row'])(
    'reads and appends to a table with a column %s, and changes no single row of it',
    async (name) => {
      const table = await made([name, 'id'])
      await table.append([{ [name]: 9, id: 1 }])
      await table.append([{ [name]: 0, id: 2 }])
      await expect(table.delete('id = 1')).rejects.toMatchObject({ fault: 'unsupported' })
      await expect(table.merge([{ [name]: 9, id: 2 }], { on: ['id'] })).rejects.toThrow(name)
      expect(await rowsOf(table)).toEqual([
        { [name]: 9, id: 1 },
        { [name]: 0, id: 2 },
      ])
      await table.overwrite([{ [name]: 5, id: 7 }])
      expect(await table.collect()).toEqual([{ [name]: 5, id: 7 }])
    },
  )

  it('finds pairs by columns that there are', async () => {
    const table = await films([film(1)])
    await expect(table.merge([film(1)], { on: [] })).rejects.toMatchObject({ fault: 'mismatch' })
    await expect(table.merge([film(1)], { on: ['nope'] })).rejects.toThrow('has no column nope')
    await expect(table.changes({ from: 1, key: ['nope'] }).next()).rejects.toThrow('has no column nope')
  })

  it('takes conditions and queries that end in a comment', async () => {
    const table = await films([film(1), film(2)])
    expect(await table.collect({ where: 'id > 0 -- all', limit: 1 })).toHaveLength(1)
    await table.append({ sql: 'SELECT 3 AS id, NULL AS title, 0 AS votes -- one' })
    await table.update('id = 3 -- it', { votes: '5 -- five' })
    expect(await rowsOf(table, { where: 'id = 3' })).toEqual([film(3, null, 5)])
  })

  it('appends what a query answered once, in however many partitions', async () => {
    const columns = { id: 'long', part: 'long' }
    const table = await createDelta(await tempFolder(), { columns, partitionBy: ['part'] }, { threads: 1 })
    onTestFinished(() => table.close())
    const sql = 'SELECT range AS id, CAST(floor(random() * 5) AS BIGINT) AS part FROM range(500)'
    await table.append({ sql })
    expect((await rowsOf(table)).map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, i) => i))
  })
})

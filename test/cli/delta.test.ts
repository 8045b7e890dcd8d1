import { cp, readdir, rm } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { createDelta } from '../../src/delta-table/index.ts'
import { exactJson } from '../../src/cli/exact-json.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { call } from './call.ts'

let path = ''
beforeAll(async () => {
  path = `${await tempFolder(() => {})}/films`
  const table = await createDelta(path, { columns: { id: 'long', title: 'string', seen: 'timestamp' } }, { threads: 1 })
  await table.append({
    sql: `SELECT 9007199254740993 AS id, 'Alien' AS title, TIMESTAMPTZ '1979-05-25 10:00:00.000001+00' AS seen`,
  })
  await table.append({ sql: `SELECT 2 AS id, NULL AS title, NULL AS seen` })
  await table.delete('id = 2')
  await table.close()
})
const delta = (...argv: string[]) => call(['delta', ...argv], { cwd: '/' })

it('prints rows exactly, at any version', async () => {
  expect((await delta('rows', path)).stdout).toBe(
    '{"id":9007199254740993,"title":"Alien","seen":"1979-05-25T10:00:00.000001Z"}\n',
  )
  const older = await delta('rows', path, '--version', '2', '--where', 'title IS NULL', '--columns', 'id, title')
  expect(older.stdout).toBe('{"id":2,"title":null}\n')
  expect((await delta('rows', path, '--version', '2', '--limit', '1')).stdout.split('\n')).toHaveLength(2)
})

it('prints columns, commits and files as text or JSON', async () => {
  expect((await delta('schema', path)).stdout).toMatch(/id +long/)
  expect((await delta('history', path)).stdout).toMatch(/3 .*DELETE +movielake/)
  expect((await delta('files', path, '--version', '2')).stdout).toMatch(/part-.*parquet +1 /)
  expect(JSON.parse((await delta('schema', path, '--json')).stdout)).toMatchObject({
    columns: [{ name: 'id' }, {}, {}],
  })
  expect(JSON.parse((await delta('history', path, '--json')).stdout)).toHaveLength(4)
  expect(JSON.parse((await delta('files', path, '--json')).stdout)).toMatchObject([{ rows: 1 }])
})

it('prints what commits changed', async () => {
  const { stdout } = await delta('changes', path, '--from', '2', '--key', 'id')
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>) // prettier-ignore
  expect(lines).toMatchObject([
    { id: 2, _change_type: 'insert', _commit_version: 2 },
    { id: 2, _change_type: 'delete', _commit_version: 3 },
  ])
})

it('says that nothing changed, and from which version on nothing can have', async () => {
  expect(await delta('changes', path, '--from', '4')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'no rows changed from version 4 on; the newest is 3\n',
  })
  expect((await delta('changes', path, '--from', '5')).stderr).toContain('there is no version 5; the newest is 3')
})

it('names a data file that is gone', async () => {
  const copy = `${await tempFolder()}/films`
  await cp(path, copy, { recursive: true })
  for (const name of await readdir(copy)) if (name.endsWith('.parquet')) await rm(`${copy}/${name}`)
  const { code, stderr } = await delta('rows', copy, '--version', '1')
  expect(code).toBe(1)
  expect(stderr).toMatch(/error: .*parquet: this data file is gone\nhint: restore it/)
})

it('says what is wrong', async () => {
  expect(await delta('rows', '/nowhere')).toMatchObject({ code: 1, stderr: expect.stringContaining('no Delta table') })
  expect(await delta('rows', path, '--version', '9')).toMatchObject({ code: 1, stderr: expect.stringContaining('newest is 3') }) // prettier-ignore
  expect(await delta('changes', path)).toMatchObject({ code: 2, stderr: expect.stringContaining('--from') })
})

it.each([
  [{ n: 2n ** 63n, s: 'a"b', none: null }, '{"n":9223372036854775808,"s":"a\\"b","none":null}'],
  [[Number.NaN, -Infinity, 1.5], '["NaN","-Infinity",1.5]'],
  [
    new Map<unknown, unknown>([
      [1, [true]],
      ['k', Buffer.from([0, 255])],
    ]),
    '{"1":[true],"k":"AP8="}',
  ],
])('writes %o as JSON', (value, text) => {
  expect(exactJson(value)).toBe(text)
})

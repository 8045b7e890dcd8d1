import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { StorageError } from '../../src/errors.ts'
import { isLeftBehind, processMark, processMarkPattern } from '../../src/pipeline/process-mark.ts'
import { clearDeadFolders } from '../../src/pipeline/temporary-folder.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const [host = '', , token = ''] = processMark().split('-')
const hostName = host.replace(/\.[^.]*$/, '')
const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 60 * 60 * 1000)

it('takes for left behind what a dead process of this machine was at, also one that had our id', async () => {
  expect(processMark()).toMatch(new RegExp(`^${processMarkPattern}$`))
  const folder = await tempFolder()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  expect(await isLeftBehind(`${host}-${child.pid}-${token}`, folder)).toBe(true)
  expect(await isLeftBehind(`${host}-${process.pid}-000000`, folder)).toBe(true)
  expect(await isLeftBehind(`${host}-${process.ppid}-000000`, folder)).toBe(false)
  expect(await isLeftBehind(processMark(), folder)).toBe(false)
})

it.each([
  ['another machine', 'elsewhere'],
  ['another container with our host name', `${hostName}.000000000000`],
  ['an older version, which does not say where they count', hostName],
])('knows nothing of the process ids of %s', async (_, name) => {
  expect(await isLeftBehind(`${name}-${process.pid}-000000`, await tempFolder())).toBe(false)
})

it('clears folders of another machine when nothing in them has been touched for a day', async () => {
  const parent = await tempFolder()
  const make = async (name: string, folderAt: Date, fileAt: Date): Promise<void> => {
    const folder = path.join(parent, name)
    await mkdir(folder)
    await writeFile(path.join(folder, 'staged.parquet'), '')
    await utimes(path.join(folder, 'staged.parquet'), fileAt, fileAt)
    await utimes(folder, folderAt, folderAt)
  }
  await make('movielake-elsewhere-7-3f9a1c-00000001', daysAgo(2), daysAgo(2))
  await make('movielake-elsewhere-7-3f9a1c-00000002', daysAgo(2), daysAgo(0))
  await make('somebody-elses', daysAgo(2), daysAgo(2))
  await clearDeadFolders(parent)
  expect((await readdir(parent)).sort()).toEqual(['movielake-elsewhere-7-3f9a1c-00000002', 'somebody-elses'])
})

it('says when nobody can tell what lies in a folder', async () => {
  const looped = path.join(await tempFolder(), 'looped')
  await symlink(looped, looped)
  await expect(clearDeadFolders(looped)).rejects.toThrow(StorageError)
  await expect(isLeftBehind('elsewhere-7-3f9a1c', looped)).rejects.toMatchObject({ code: 'ELOOP' })
  expect(await clearDeadFolders(path.join(looped, '../nowhere'))).toBeUndefined()
})

it('leaves alone what this user may not remove', async () => {
  const parent = await tempFolder()
  await mkdir(path.join(parent, `movielake-${host}-${process.pid}-000000-00000001`))
  await chmod(parent, 0o555)
  await withoutRoot(() => clearDeadFolders(parent))
  expect(await readdir(parent)).toHaveLength(1)
  await chmod(parent, 0o755)
})

/** Does the work as a user whose rights are looked at. */
async function withoutRoot(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work()
  process.seteuid?.('nobody')
  await work().finally(() => process.seteuid?.(0))
}

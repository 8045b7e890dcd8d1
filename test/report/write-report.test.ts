import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { replaceFolder, requireReplaceable } from '../../src/report/write-report.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { filesIn } from '../pipeline/test-lake.ts'

it('replaces a folder whole: what is not in the new one is gone', async () => {
  const root = await tempFolder()
  await replaceFolder(
    join(root, 'report'),
    new Map([
      ['index.html', 'old'],
      ['charts/a.svg', 'a'],
    ]),
  )
  await replaceFolder(
    join(root, 'report'),
    new Map([
      ['index.html', 'new'],
      ['charts/b.svg', 'b'],
    ]),
  )
  expect(await filesIn(root)).toEqual(['report/charts/b.svg', 'report/index.html'])
  expect(await readFile(join(root, 'report/index.html'), 'utf8')).toBe('new')
})

it('leaves the old folder as it was when the new one cannot be written', async () => {
  const root = await tempFolder()
  await replaceFolder(join(root, 'report'), new Map([['index.html', 'old']]))
  const impossible = new Map([
    ['a', 'a file'],
    ['a/b', 'and a folder'],
  ])
  await expect(replaceFolder(join(root, 'report'), impossible)).rejects.toThrow('EEXIST')
  expect(await filesIn(root)).toEqual(['report/index.html'])
})

it('does not replace a folder that holds anything else', async () => {
  const root = await tempFolder()
  await requireReplaceable(join(root, 'new'))
  await mkdir(join(root, 'empty'))
  await requireReplaceable(join(root, 'empty'))
  await writeFile(join(root, 'thesis.doc'), '')
  await expect(requireReplaceable(root)).rejects.toThrow(InputError)
  await expect(requireReplaceable(join(root, 'thesis.doc'))).rejects.toThrow('is a file')
})

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultConfig } from '../../src/config/config.ts'
import { schemaText, tablesText, yamlText } from './written.ts'

// `vitest run test/config -u` writes the files anew
const inRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

it('movielake.schema.json is what the schema says', async () => {
  await expect(schemaText()).toMatchFileSnapshot(inRoot('movielake.schema.json'))
})

it('movielake.yaml explains every key', async () => {
  await expect(await yamlText()).toMatchFileSnapshot(inRoot('movielake.yaml'))
})

it('movielake.yaml sets every key to its default', () => {
  expect(parse(readFileSync(inRoot('movielake.yaml'), 'utf8'))).toEqual(defaultConfig)
})

it('docs/config.md has every key', async () => {
  const file = inRoot('docs/config.md')
  const [head = ''] = readFileSync(file, 'utf8').split(/(?<=<!-- settings[^>]*-->\n)/)
  await expect(`${head}\n${await tablesText()}`).toMatchFileSnapshot(file)
})

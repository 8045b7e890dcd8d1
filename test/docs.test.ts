import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import * as errors from '../src/errors.ts'
import { call } from './cli/call.ts'

const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'bench/README.md', ...docs('docs')].map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}))
const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)
const help = new Map<string, string>()

it('links lead to something', () => {
  const found = pages.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g))
      .map(([, target = '', anchor]) => ({
        target: target === '' ? path : normalize(join(dirname(path), target)),
        anchor,
      }))
      .filter(({ target, anchor }) => !existsSync(target) || !hasAnchor(target, anchor))
      .map(({ target, anchor = '' }) => `${path} links to ${target}${anchor && `#${anchor}`}`),
  )
  expect(found).toEqual([])
})

it('npm scripts that are shown are there', () => {
  const found = pages.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(test|start)\b)/g), ([, run, own]) => run ?? own ?? '')
      .filter((name) => !scripts.includes(name))
      .map((name) => `${path} shows npm run ${name}`),
  )
  expect(found).toEqual([])
})

it('the sentence TMDB asks for stands in the README', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(
    'This product uses the TMDB API but is not endorsed or certified by TMDB.',
  )
})

it('exit codes in docs/operations.md are those of the errors', () => {
  const rows = readFileSync('docs/operations.md', 'utf8').matchAll(/^\| ([\d, ]+) \|[^|]*\|([^|]*)\|/gm)
  const told = Array.from(rows).flatMap(([, codes = '', classes = '']) =>
    Array.from(classes.matchAll(/`(\w+)`/g), ([, name = '']) => [name, codes.split(', ').map(Number)] as const),
  )
  const options = { retryable: true, fault: 'corrupt', sql: '' } as const
  const known = Object.entries(errors)
    .filter(([name]) => name !== 'LakeError')
    .map(([name, Class]) => [name, new (Class as typeof errors.TableError)('', options).exitCode] as const)
  expect(known.filter(([name, code]) => !told.some((row) => row[0] === name && row[1].includes(code)))).toEqual([])
})

describe('the command line', () => {
  it('has the commands and flags that are shown', async () => {
    const found = new Set<string>()
    for (const { path, text } of pages)
      for (const words of commandsIn(text))
        for (const missing of await missingIn(words)) found.add(`${path} shows ${missing}`)
    expect([...found]).toEqual([])
  })

  it('is shown whole: each command is somewhere in the pages', async () => {
    const shown = new Set(pages.flatMap(({ text }) => commandsIn(text).map(([command]) => command)))
    const hidden = commandsOf(await helpOf()).filter((command) => command !== 'help' && !shown.has(command))
    expect(hidden).toEqual([])
  })
})

function docs(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
}

/** Anchors as GitHub makes them: lower case, blanks to hyphens, no punctuation. */
function hasAnchor(path: string, anchor: string | undefined): boolean {
  if (anchor === undefined || !path.endsWith('.md')) return true
  const headings = Array.from(readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm), ([, heading = '']) => heading)
  return headings.some(
    (heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-') === anchor,
  )
}

/** The words after each `movielake` that stands at the beginning of a line of code or of a piece of inline code. */
function commandsIn(text: string): string[][] {
  const blocks = Array.from(text.matchAll(/^```(?:sh|bash|console|)\n([\s\S]*?)^```/gm), ([, block = '']) => block)
  const inline = Array.from(text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g), ([, code = '']) => code)
  return [...blocks.flatMap((block) => block.split('\n')), ...inline]
    .flatMap((line) => line.replace(/#.*/, '').split(/&&|\|/))
    .map((part) => /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx )?movielake ([a-z-].*)$/.exec(part)?.[1])
    .filter((rest) => rest !== undefined)
    .map((rest) =>
      rest
        .replaceAll(/"[^"]*"|'[^']*'/g, 'text')
        .trim()
        .split(/\s+/),
    )
}

async function missingIn([command = '', ...words]: string[]): Promise<string[]> {
  if (command.startsWith('-')) return []
  if (!commandsOf(await helpOf()).includes(command)) return [`movielake ${command}`]
  const [second = ''] = words
  const path = commandsOf(await helpOf(command)).includes(second) ? [command, second] : [command]
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/, ''))
  const known = `${await helpOf(...path)}\n${await helpOf()}`
  return flags
    .filter((flag) => !new RegExp(`(^|[ ,/])${flag}([ ,]|$)`, 'm').test(known))
    .map((flag) => `movielake ${path.join(' ')} ${flag}`)
}

function commandsOf(text: string): string[] {
  return Array.from(text.matchAll(/^ {2}([a-z][a-z-]*)(?: [<[][^ ]+)* {2,}/gm), ([, name = '']) => name)
}

async function helpOf(...path: string[]): Promise<string> {
  const key = path.join(' ')
  const text = help.get(key) ?? (await call([...path, '--help'], { cwd: '.' })).stdout
  help.set(key, text)
  return text
}

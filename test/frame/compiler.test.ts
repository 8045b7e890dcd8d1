import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'

const { config } = ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8')) as {
  config: { compilerOptions: object }
}
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd())

const host = ts.createCompilerHost(options)
const files = new Map<string, ts.SourceFile | undefined>()
const parse = host.getSourceFile.bind(host)
const overlay = new Map<string, string>()
host.getSourceFile = (name, ...rest) => {
  const text = overlay.get(name)
  if (text !== undefined) return ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true)
  if (!files.has(name)) files.set(name, parse(name, ...rest))
  return files.get(name)
}

/** The errors the compiler finds in this one file, and how many types it made for that. */
function check(name: string): { readonly errors: readonly string[]; readonly instantiations: number } {
  const program = ts.createProgram([name], options, host)
  const file = program.getSourceFile(name)
  const errors = program.getSemanticDiagnostics(file).map(({ start, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1
    return `${name}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  return { errors, instantiations: program.getInstantiationCount() }
}

const refused = 'test/frame/refused.ts'
const marker = '@ts-expect-error'
const source = readFileSync(refused, 'utf8')

it('refuses every mistake of refused.ts, and nothing else in it', () => {
  const lines = source.split('\n')
  const nextCode = (after: number): number => lines.findIndex((line, i) => i > after && !line.trim().startsWith('//'))
  const marked = lines.flatMap((line, i) => (line.includes(marker) ? [`${refused}:${nextCode(i) + 1}`] : []))
  expect(marked.length).toBeGreaterThan(60)
  expect(new Set(unmarked().map((error) => error.split(' ')[0]))).toEqual(new Set(marked))
})

it.each([
  'both sides have a column title: drop or rename it on one side',
  'no cast without loss: tryCast answers null where it fails',
  'nothing can fail here: use cast',
  'only one side has the column runtime',
  'movie_id has another type on the other side: cast it on one',
  'built with another type or nullability than declared',
  'declared, but build does not answer it',
  'built, but not declared',
  `'"aggregate"' is not assignable to type '"row"'`,
])('says in words what is wrong: %s', (words) => {
  expect(unmarked().join('\n')).toContain(words)
})

let found: readonly string[] | undefined
/** The errors of refused.ts where none is expected. */
function unmarked(): readonly string[] {
  overlay.set(refused, source.replaceAll(marker, ''))
  found ??= check(refused).errors
  overlay.delete(refused)
  return found
}

it('a chain of 15 steps over 40 columns costs the compiler a bounded amount of work', () => {
  const { errors, instantiations } = check('test/frame/chains.ts')
  expect(errors).toEqual([])
  // 17,648 with TypeScript 6.0.3; the number does not depend on the machine
  expect(instantiations).toBeLessThan(21_000)
})

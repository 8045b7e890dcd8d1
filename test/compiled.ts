import { createHash, randomUUID } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const project = fileURLToPath(new URL('..', import.meta.url))
const sha = (text: string): string => createHash('sha1').update(text).digest('hex')
const target = path.join(project, 'node_modules/.cache', `movielake-${sha(project).slice(0, 8)}`)

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
}

/** The project's code as JavaScript, for processes of their own on a Node that knows no TypeScript. Answers the address of `module`, such as `src/index.ts`. */
export async function compiled(module: string): Promise<string> {
  const sources = (await readdir(path.join(project, 'src'), { recursive: true })).map((name) => path.join('src', name))
  for (const name of new Set([...sources, module])) if (name.endsWith('.ts')) await compile(name)
  const catalogue = 'src/sources/tmdb/demo/catalogue'
  await cp(path.join(project, catalogue), path.join(target, catalogue), { recursive: true })
  await cp(path.join(project, 'package.json'), path.join(target, 'package.json'))
  return pathToFileURL(path.join(target, module.replace(/\.ts$/, '.js'))).href
}

/** TypeScript as JavaScript. */
export const transpiled = (text: string): string => ts.transpileModule(text, { compilerOptions: options }).outputText

async function compile(name: string): Promise<void> {
  const text = await readFile(path.join(project, name), 'utf8')
  const file = path.join(target, name.replace(/\.ts$/, '.js'))
  const mark = `// ${sha(text)}`
  if ((await readFile(file, 'utf8').catch(() => '')).endsWith(mark)) return
  await mkdir(path.dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID()}`
  await writeFile(temporary, `${transpiled(text)}\n${mark}`)
  await rename(temporary, file)
}

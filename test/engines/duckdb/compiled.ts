import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const project = fileURLToPath(new URL('../../..', import.meta.url))

/** The project's code as JavaScript, for child processes on a Node that knows no TypeScript. Whoever asks for it removes the folder. */
export async function compiled(module: string): Promise<{ readonly folder: string; readonly file: string }> {
  const parent = path.join(project, 'node_modules/.cache')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(path.join(parent, 'movielake-test-'))
  await cp(path.join(project, 'package.json'), path.join(folder, 'package.json'))
  const parts = ['src/errors.ts', 'src/table.ts', 'src/rules.ts', module]
  for (const part of ['src/frame', 'src/delta', 'src/engines'])
    for (const name of await readdir(path.join(project, part), { recursive: true }))
      if (name.endsWith('.ts') && !name.startsWith('spark')) parts.push(path.join(part, name))
  for (const part of parts) {
    const { outputText } = ts.transpileModule(await readFile(path.join(project, part), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    })
    await mkdir(path.dirname(path.join(folder, part)), { recursive: true })
    await writeFile(path.join(folder, part.replace(/\.ts$/, '.js')), outputText)
  }
  return { folder, file: path.join(folder, module.replace(/\.ts$/, '.js')) }
}

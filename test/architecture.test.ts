import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path/posix'
import ts from 'typescript'
import { expect, it } from 'vitest'

const MOST_FILE_LINES = 500
const MOST_FUNCTION_LINES = 80
/** Where text may be written to the terminal: the command line, and `show` of a frame, which takes its writer as an argument. */
const PRINTS = /^src\/cli\/|^src\/frame\/frame\.ts$/
const GENERATED = /\/gen\//
/** What browsers load. Its packages are built into it, so that who installs movielake does not install them. */
const CLIENT = 'src/dashboard/client'
/** What the client may import beside itself, of more only types. */
const CLIENT_IMPORTS = ['src/report/charts', 'src/report/numbers']

interface Import {
  readonly line: number
  readonly specifier: string
  readonly isType: boolean
  /** By `import()`, when the code runs. */
  readonly isLazy: boolean
}
interface Source {
  readonly path: string
  readonly part: string
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !GENERATED.test(`/${file}`))
  .map((file) => readSource(`src/${file}`))
  .toSorted((a, b) => (a.path < b.path ? -1 : 1))
const architecture = readFileSync('docs/architecture.md', 'utf8')
const mayImport = readImportList(architecture)

it('the list of imports looks only upstream', () => {
  const parts = [...mayImport.keys()]
  const found = parts.flatMap((part, at) =>
    targetsOf(part)
      .filter((target) => !parts.slice(0, at).includes(partOf(`src/${target}`)))
      .map((target) => `${part} may import ${target}, which does not stand above it`),
  )
  expect(found).toEqual([])
})

it('every part of src has its line in the list of imports', () => {
  const parts = new Set(sources.map((source) => source.part))
  expect([...parts].filter((part) => !mayImport.has(part))).toEqual([])
})

it('no part imports one it may not', () => {
  const found = sources.flatMap((source) =>
    localImports(source)
      .filter(({ target }) => partOf(target) !== source.part)
      .filter(({ target }) => !targetsOf(source.part).some((allowed) => isWithin(target, `src/${allowed}`)))
      .map(({ line, target }) => `${source.path}:${line} ${source.part} may not import ${target}`),
  )
  expect(found).toEqual([])
})

it('no layer imports an engine, only what every engine offers', () => {
  const found = sources
    .filter(({ part }) => ['bronze', 'silver', 'gold', 'quality', 'report'].includes(part))
    .flatMap((source) =>
      localImports(source)
        .filter(({ target }) => isWithin(target, 'src/engines') && target !== 'src/engines/engine.ts')
        .map(({ line, target }) => `${source.path}:${line} imports ${target}`),
    )
  expect(found).toEqual([])
})

it('browsers load charts and the client, nothing of the server', () => {
  const found = sources
    .filter(({ path }) => isWithin(path, CLIENT))
    .flatMap((source) =>
      localImports(source)
        .filter(
          ({ target, isType }) => !isType && ![CLIENT, ...CLIENT_IMPORTS].some((place) => isWithin(target, place)),
        )
        .map(({ line, target }) => `${source.path}:${line} imports ${target}`),
    )
  expect(found).toEqual([])
})

it('no file imports itself by a detour', () => {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const done = new Set<string>()
  const walk = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [[...way.slice(way.indexOf(path)), path].join(' -> ')]
    if (done.has(path)) return []
    const source = byPath.get(path)
    // what is imported as a type is gone when the code runs
    const next = source === undefined ? [] : localImports(source).filter(({ isType }) => !isType)
    const found = next.flatMap(({ target }) => walk(target, [...way, path]))
    done.add(path)
    return found
  }
  expect(sources.flatMap(({ path }) => walk(path, []))).toEqual([])
})

it(`no file is longer than ${MOST_FILE_LINES} lines, no function than ${MOST_FUNCTION_LINES}`, () => {
  const found = sources.flatMap((source) => {
    const lines = source.tree.text.trimEnd().split('\n').length
    return [
      ...(lines > MOST_FILE_LINES ? [`${source.path} has ${lines} lines`] : []),
      ...nodesOf(source.tree)
        .filter((node) => ts.isFunctionLike(node) && linesOf(source.tree, node) > MOST_FUNCTION_LINES)
        .map((node) => `${placeOf(source, node)} is a function of ${linesOf(source.tree, node)} lines`),
    ]
  })
  expect(found).toEqual([])
})

it('every export has a docstring', () => {
  const found = sources.flatMap((source) =>
    exportsOf(source.tree)
      .filter(({ node }) => !hasDocstring(node))
      .map(({ node, name }) => `${placeOf(source, node)} ${name} has no docstring`),
  )
  expect(found).toEqual([])
})

it('types are neither switched off nor overruled', () => {
  const found = sources.flatMap((source) => [
    ...nodesOf(source.tree)
      .filter((node) => node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node) || isDefinite(node))
      .map((node) => `${placeOf(source, node)} ${node.getText(source.tree).slice(0, 60)}`),
    ...[...source.tree.text.matchAll(/@ts-(?:ignore|nocheck|expect-error)/g)].map(
      (match) => `${source.path}:${lineAt(source.tree, match.index)} ${match[0]}`,
    ),
  ])
  expect(found).toEqual([])
})

it('every export has a name', () => {
  const found = sources.flatMap((source) =>
    source.tree.statements
      .filter((node) => ts.isExportAssignment(node) || hasModifier(node, ts.SyntaxKind.DefaultKeyword))
      .map((node) => `${placeOf(source, node)} is a default export`),
  )
  expect(found).toEqual([])
})

it('files and folders are in kebab case and named for what is inside', () => {
  const parts = new Set(
    sources.flatMap(({ path }) =>
      path
        .replace(/\.tsx?$/, '')
        .split('/')
        .slice(1),
    ),
  )
  const folders = new Set(sources.flatMap(({ path }) => dirname(path).split('/').slice(1)))
  expect([...parts].filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([])
  expect([...parts].filter((name) => /^(utils?|helpers?|common|misc)$/.test(name))).toEqual([])
  expect([...folders].filter((name) => name === 'types')).toEqual([])
})

it('only the command line prints', () => {
  const found = sources
    .filter(({ path }) => !PRINTS.test(path))
    .flatMap((source) =>
      nodesOf(source.tree)
        .filter(ts.isPropertyAccessExpression)
        .filter((node) => /^(console\.\w+|process\.(stdout|stderr))$/.test(node.getText(source.tree)))
        .map((node) => `${placeOf(source, node)} ${node.getText(source.tree)}`),
    )
  expect(found).toEqual([])
})

it('every runtime dependency is used, and docs/architecture.md says what for', () => {
  const dependencies = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)
  const installed = sources.filter(({ path }) => !isWithin(path, CLIENT))
  const used = installed.flatMap((source) =>
    source.imports
      .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map(({ line, specifier }) => ({ place: `${source.path}:${line}`, name: packageOf(specifier) })),
  )
  const sentences = architecture.match(/^\| `.+` \| .{20,} \|$/gm) ?? []
  expect(used.filter(({ name }) => !dependencies.includes(name))).toEqual([])
  // fonts are not imported, their files are named
  const named = installed.flatMap(({ tree }) =>
    nodesOf(tree)
      .filter(ts.isStringLiteral)
      .map(({ text }) => packageOf(text)),
  )
  expect(dependencies.filter((name) => !named.includes(name))).toEqual([])
  expect(dependencies.filter((name) => !sentences.some((line) => line.startsWith(`| \`${name}\` |`)))).toEqual([])
})

it('DuckDB is imported by its engine alone, and by doctor to see whether it loads', () => {
  const found = sources
    .filter(({ path }) => !path.startsWith('src/engines/duckdb/') && path !== 'src/cli/doctor.ts')
    .filter(({ imports }) => imports.some(({ specifier }) => specifier.startsWith('@duckdb/')))
  expect(found.map(({ path }) => path)).toEqual([])
})

it('whoever runs on DuckDB loads nothing of Spark', () => {
  const heavy = /^(@connectrpc|@bufbuild|apache-arrow)/
  const loaded = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    const source = sources.find((one) => one.path === path)
    if (source !== undefined) for (const { target } of localImports(source).filter(isLoadedAtOnce)) load(target)
  }
  for (const path of ['src/index.ts', 'src/cli/main.ts', 'src/engines/duckdb/duckdb-engine.ts']) load(path)
  const found = sources
    .filter(({ path }) => loaded.has(path))
    .flatMap(({ path, imports }) =>
      imports.filter((one) => isLoadedAtOnce(one) && heavy.test(one.specifier)).map(({ line }) => `${path}:${line}`),
    )
  expect(loaded.size).toBeGreaterThan(100)
  expect(found).toEqual([])
})

/** The table of docs/architecture.md whose rows read "| `part` | `part`, `part/file`, … | why |", in its order. */
function readImportList(text: string): Map<string, readonly string[]> {
  const section = /^## What may import what\n([\s\S]*?)(?=^## )/m.exec(text)?.[1] ?? ''
  const rows = section.matchAll(/^\| `([a-z-]+)` \|([^|]*)\|/gm)
  return new Map(
    Array.from(rows, ([, part = '', targets = '']) => [
      part,
      Array.from(targets.matchAll(/`([^`]+)`/g), (m) => m[1] ?? ''),
    ]),
  )
}

const isLoadedAtOnce = ({ isType, isLazy }: { readonly isType: boolean; readonly isLazy: boolean }): boolean =>
  !isType && !isLazy

function targetsOf(part: string): readonly string[] {
  return mayImport.get(part) ?? []
}

function isWithin(file: string, place: string): boolean {
  return file.startsWith(`${place}/`) || file === `${place}.ts` || file === place
}

function partOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? ''
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function readSource(path: string): Source {
  const tree = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  return { path, part: partOf(path), tree, imports: importsOf(tree) }
}

/** Imports, re-exports and `import()` of a file. */
function importsOf(tree: ts.SourceFile): Import[] {
  return nodesOf(tree).flatMap((node) => {
    const isType =
      (ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(node) && node.isTypeOnly) ||
      ts.isImportTypeNode(node)
    const specifier = specifierOf(node)
    const isLazy = ts.isCallExpression(node)
    return specifier === undefined ? [] : [{ line: lineAt(tree, node.getStart(tree)), specifier, isType, isLazy }]
  })
}

function specifierOf(node: ts.Node): string | undefined {
  const text = (literal: ts.Node | undefined) => (literal && ts.isStringLiteral(literal) ? literal.text : undefined)
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return text(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return text(node.argument.literal)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return text(node.arguments[0])
  return undefined
}

function localImports(source: Source): (Omit<Import, 'specifier'> & { readonly target: string })[] {
  return source.imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, ...rest }) => ({ ...rest, target: normalize(join(dirname(source.path), specifier)) }))
    .filter(({ target }) => target.startsWith('src/') && /\.tsx?$/.test(basename(target)))
}

function exportsOf(tree: ts.SourceFile): { readonly node: ts.Node; readonly name: string }[] {
  const seen = new Set<string>()
  return (
    tree.statements
      .filter((node) => hasModifier(node, ts.SyntaxKind.ExportKeyword))
      .flatMap((node) =>
        ts.isVariableStatement(node)
          ? node.declarationList.declarations.map(({ name }) => ({ node, name: name.getText(tree) }))
          : [{ node, name: (ts.isFunctionDeclaration(node) || isNamed(node) ? node.name?.text : undefined) ?? '?' }],
      )
      // the first of several signatures speaks for all
      .filter(({ name }) => !seen.has(name) && seen.add(name))
  )
}

function isNamed(node: ts.Node): node is ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
}

function hasDocstring(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc) && doc.comment !== undefined)
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)
}

/** `let x!: string`, which silences the check that it was assigned. */
function isDefinite(node: ts.Node): boolean {
  return (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined
}

function nodesOf(tree: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    found.push(node)
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(tree, visit)
  return found
}

function lineAt(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1
}

function linesOf(tree: ts.SourceFile, node: ts.Node): number {
  return lineAt(tree, node.getEnd()) - lineAt(tree, node.getStart(tree)) + 1
}

function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${lineAt(source.tree, node.getStart(source.tree))}`
}

// tables that others have written, each as all three read it
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { firstDifference, typeName } from './values.js'

// what the protocol asks to be refused, and what we then say
const refusals = {
  'deltalog-invalid-protocol-version': /cannot be read because of reader version 99/,
  'deltalog-state-reconstruction-without-metadata': /its log names no schema/,
  'deltalog-state-reconstruction-without-protocol': /its log names no protocol/,
  // what a metaData action must have
  'corrupted-last-checkpoint': /its log names no schema/,
  'update-deleted-directory': /its log names no schema/,
  'versions-not-contiguous': /00000000000000000001\.json is missing from its log/,
  'no-delta-log-folder': /there is no Delta table/,
}
const mostVersions = 2
// as DuckDB, Spark and delta-rs say it
const isWithoutFiles =
  /this data file is gone|FILE_NOT_EXIST|FileNotFound|Object at location .* not found|No such file|at least 8 bytes long/

/** Compares the tables of a folder, each at its newest version and at some before; answers the lines of a table that says what each has made of it. */
export async function runTableList({ engines, tables, report }) {
  const lines = [['table', 'version', 'rows', 'features', ...engines.map(({ name }) => name)]]
  for (const name of readdirSync(tables).sort()) {
    const folder = path.join(tables, name)
    const readings = await Promise.all(engines.map((engine) => read(engine, folder)))
    const [mine] = readings
    const problem = problemOf(name, readings, engines)
    report(problem === undefined ? { passed: `table ${name}` } : { failed: `table ${name}: ${problem}`, steps: [] })
    const older =
      problem === undefined && mine.rows && !mine.files ? await compareOlder(engines, folder, mine, report) : []
    const results = readings.map((one, i) => shown(one, mine, older[i]))
    lines.push([
      name,
      mine.version ?? '',
      mine.files ? `${mine.files.length} files` : (mine.rows?.length ?? ''),
      mine.rows ? features(folder) : '',
      ...results,
    ])
  }
  return aligned(lines)
}

/** What an engine makes of a table. Of one whose data files were never kept beside its log, the names of the files. */
async function read({ ask }, folder, version) {
  try {
    return await ask('rows', { path: folder, ...(version !== undefined && { version }) })
  } catch (error) {
    if (!isWithoutFiles.test(error.message)) return { refusal: error.message }
    return ask('files', { path: folder }).then(
      (files) => ({ fields: [], rows: [], files }),
      ({ message }) => ({ refusal: message }),
    )
  }
}

/** What is not as it should be: we read what Spark reads, with the same rows, and refuse for the reason that the protocol gives. */
function problemOf(name, [mine, ...others], [, ...otherEngines]) {
  const expected = refusals[name]
  if (mine.refusal !== undefined)
    return expected?.test(mine.refusal) === true ? undefined : `is refused: ${mine.refusal}`
  if (expected !== undefined) return 'is read, although it should not be'
  for (const [i, other] of others.entries()) {
    if (other.refusal !== undefined) {
      if (otherEngines[i].name === 'Spark') return `Spark cannot read it: ${other.refusal.split('\n')[0]}`
    } else {
      const problem = difference(mine, other)
      if (problem !== undefined) return `beside ${otherEngines[i].name}, movielake ${problem}`
    }
  }
  return undefined
}

function difference(mine, other) {
  if (mine.files !== undefined || other.files !== undefined) {
    const [found, wanted] = [mine, other].map(({ files }) => (files === undefined ? 'data' : files.join(', ')))
    return found === wanted ? undefined : `has the files ${found}, not ${wanted}`
  }
  const [found, wanted] = [mine, other].map(({ fields }) =>
    fields.map(({ name, type }) => `${name} ${typeName(type)}`).join(', '),
  )
  if (found !== wanted) return `has the columns ${found}, not ${wanted}`
  return firstDifference(other.fields, other.rows, mine.rows)
}

/** Compares versions before the newest; answers how many each engine has read as we do. */
async function compareOlder(engines, folder, { version: newest }, report) {
  const agreed = engines.map(() => 0)
  for (let version = Math.max(0, newest - mostVersions); version < newest; version += 1) {
    const [mine, ...others] = await Promise.all(engines.map((engine) => read(engine, folder, version)))
    const spark = others.at(-1)
    const title = `table ${path.basename(folder)} at version ${version}`
    const problem =
      mine.refusal === undefined
        ? others.map((other) => (other.refusal === undefined ? difference(mine, other) : undefined)).find(Boolean)
        : spark.refusal === undefined
          ? `is refused, which Spark reads: ${mine.refusal}`
          : undefined
    report(problem === undefined ? { passed: title } : { failed: `${title}: ${problem}`, steps: [] })
    for (const [i, one] of [mine, ...others].entries()) if (one.refusal === undefined) agreed[i] += 1
  }
  return agreed
}

function shown({ refusal, rows }, mine, older = 0) {
  if (refusal !== undefined)
    return `refused: ${refusal
      .replace(/^Py4JJavaError: (\w+\.)*/, '')
      .replaceAll('\n', ' ')
      .replace(/\S*\/(?=[^/\s]+)/g, '')
      .slice(0, 70)}`
  if (mine.files !== undefined) return 'same files'
  if (mine.rows === undefined) return `${rows.length} rows`
  return older === 0 ? 'same rows' : `same rows, ${older} older versions`
}

/** What the table's folder tells of what it uses. */
function features(folder) {
  const log = readdirSync(path.join(folder, '_delta_log'))
  const found = [
    ['checkpoint', log.some((file) => /^\d+\.checkpoint/.test(file))],
    ['sidecars', existsSync(path.join(folder, '_delta_log/_sidecars'))],
    ['cleaned log', !log.includes(`${'0'.repeat(20)}.json`)],
    [
      'deletion vectors',
      readdirSync(folder, { recursive: true }).some((file) => /deletion_vector_.*\.bin$/.test(file)),
    ],
    ['partitions', readdirSync(folder).some((file) => file.includes('='))],
  ]
  return found.flatMap(([name, has]) => (has ? [name] : [])).join(', ')
}

function aligned(lines) {
  const texts = lines.map((line) => line.map(String))
  const widths = texts[0].map((_, i) => Math.max(...texts.map((line) => line[i].length)))
  return texts.map((line) =>
    line
      .map((text, i) => text.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  )
}

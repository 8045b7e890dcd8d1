// what readers leave out by our statistics: the same rows for conditions at the edges of values, and fewer files than there are
import path from 'node:path'
import { fieldOf } from './generate.js'
import { firstDifference } from './values.js'

const long = 'x'.repeat(40)
const struct = (fields) => ({ type: 'struct', fields })
const fields = [
  fieldOf('id', 'long'),
  fieldOf('d', 'double'),
  fieldOf('s', 'string'),
  fieldOf('seen', 'timestamp'),
  fieldOf('day', 'date'),
  fieldOf('price', 'decimal(38,10)'),
  fieldOf('cheap', 'decimal(5,2)'),
  fieldOf('n', 'integer'),
  fieldOf('who', struct([fieldOf('age', 'long'), fieldOf('name', struct([fieldOf('last', 'string')]))])),
]
const row = (id, d, s, seen, day, price, cheap, n, age, last) => ({
  id,
  d,
  s,
  seen,
  day,
  price,
  cheap,
  n,
  who: { age, name: { last } },
})
// one list a file
const files = [
  [
    row(
      '-9223372036854775808',
      '-Infinity',
      '',
      '0001-01-01T00:00:00.000001Z',
      '0001-01-01',
      '-9999999999999999999999999999.9999999999',
      '-999.99',
      null,
      '-9007199254740993',
      'A',
    ),
    row(
      '-9007199254740993',
      '-1.5',
      'a',
      '1969-12-31T23:59:59.999999Z',
      '1969-12-31',
      '-12345678901234567890.0000000001',
      '-0.01',
      null,
      '-9007199254740992',
      'B',
    ),
  ],
  [
    row(
      '9007199254740993',
      '1',
      `${long}a`,
      '2025-12-09T10:45:30.000001Z',
      '2025-12-09',
      '12345678901234567890.0000000001',
      '0.01',
      '1',
      '9007199254740993',
      `${long}a`,
    ),
    row(
      '9007199254740995',
      'NaN',
      `${long}b`,
      '2025-12-09T10:45:30.000999Z',
      '2025-12-10',
      '12345678901234567890.0000000002',
      '0.02',
      '2',
      '9007199254740994',
      `${long}b`,
    ),
  ],
  [
    row(
      '9007199254740996',
      '7',
      '😀'.repeat(33),
      '2025-12-09T10:45:30.001001Z',
      '2025-12-11',
      '12345678901234567890.0000000003',
      '0.03',
      '3',
      '9007199254740995',
      'ü',
    ),
    row(
      '9007199254740997',
      '8',
      '\u{ffff}',
      '2025-12-09T10:45:30.001999Z',
      '2025-12-12',
      '12345678901234567890.0000000004',
      '0.04',
      null,
      '9007199254740996',
      '日',
    ),
  ],
  [
    row(
      '9223372036854775806',
      '1e+300',
      'zz',
      '9999-12-31T23:59:59.999000Z',
      '9999-12-30',
      '9999999999999999999999999999.9999999998',
      '999.98',
      '4',
      '9223372036854775806',
      'y',
    ),
    row(
      '9223372036854775807',
      '1.1e+300',
      'zzz',
      '9999-12-31T23:59:59.999999Z',
      '9999-12-31',
      '9999999999999999999999999999.9999999999',
      '999.99',
      '5',
      '9223372036854775807',
      'z',
    ),
  ],
  [row('0', null, null, null, null, null, null, null, null, null)],
]
const instant = (text) => `CAST('${text}' AS TIMESTAMP)`
const big = (text) => `CAST('${text}' AS DECIMAL(38,10))`
const day = (text) => `DATE '${text}'`

// a condition, the keys of the rows that fulfil it, and how many files may be read for it: a file has no bounds where it holds NaN or an
// infinity, or an instant of which no millisecond lies above
const conditions = [
  ['id = 9007199254740993', ['9007199254740993'], 1],
  ['id = 9007199254740995', ['9007199254740995'], 1],
  ['id > 9007199254740995 AND id < 9007199254740997', ['9007199254740996'], 1],
  ['id >= 9223372036854775807', ['9223372036854775807'], 1],
  ['id < -9007199254740993', ['-9223372036854775808'], 1],
  // NaN is greater than all, and some writers' bounds say nothing of it
  ['d > 1e301', ['9007199254740995'], 2, { movielake: 4 }],
  ["d = CAST('NaN' AS DOUBLE)", ['9007199254740995'], 2, { movielake: 4 }],
  ['d >= 7 AND d < 9', ['9007199254740996', '9007199254740997'], 3],
  ["d = CAST('-Infinity' AS DOUBLE)", ['-9223372036854775808'], 2],
  [`s = '${long}a'`, ['9007199254740993'], 2],
  [`s >= '${long}b' AND s < 'y'`, ['9007199254740995'], 1],
  [`s = '${'😀'.repeat(33)}'`, ['9007199254740996'], 1],
  ["s = ''", ['-9223372036854775808'], 1],
  ["s >= 'zzz' AND s < 'zzzz'", ['9223372036854775807'], 1],
  [`seen = ${instant('2025-12-09T10:45:30.000001Z')}`, ['9007199254740993'], 2],
  [`seen = ${instant('2025-12-09T10:45:30.000999Z')}`, ['9007199254740995'], 2],
  [`seen = ${instant('2025-12-09T10:45:30.001999Z')}`, ['9007199254740997'], 3],
  [`seen < ${instant('1969-12-31T23:59:59.999999Z')}`, ['-9223372036854775808'], 2],
  [`seen > ${instant('9999-12-31T23:59:59.999000Z')}`, ['9223372036854775807'], 1],
  [`day = ${day('9999-12-31')}`, ['9223372036854775807'], 1],
  [`day <= ${day('0001-01-01')}`, ['-9223372036854775808'], 1],
  [`day > ${day('2025-12-10')} AND day < ${day('2025-12-12')}`, ['9007199254740996'], 1],
  [`price = ${big('12345678901234567890.0000000002')}`, ['9007199254740995'], 1],
  [`price > ${big('9999999999999999999999999999.9999999998')}`, ['9223372036854775807'], 1],
  [`price < ${big('-12345678901234567890.0000000001')}`, ['-9223372036854775808'], 1],
  ["cheap = CAST('0.02' AS DECIMAL(5,2))", ['9007199254740995'], 1],
  ['n IS NULL AND id > 5', ['9007199254740997'], 1],
  ['n IS NOT NULL AND id < 9007199254740995', ['9007199254740993'], 1],
  ['s IS NULL', ['0'], 1],
  ["who['age'] = 9007199254740994", ['9007199254740995'], 1],
  ["who['age'] > 9223372036854775806", ['9223372036854775807'], 1],
  [`who['name']['last'] = '${long}b'`, ['9007199254740995'], 1, { 'delta-rs': 5 }],
  ["who['name']['last'] IS NULL", ['0'], 1, { 'delta-rs': 5 }],
]

/** Puts each list of rows into a file of a table of ours, and asks all engines about it. `report` is told of each condition. */
export async function runSkipping({ engines, folder, report }) {
  const [ours] = engines
  const table = path.join(folder, 'skipping')
  await ours.ask('create', { path: table, fields, partition_by: [], properties: {} })
  for (const rows of files) await ours.ask('append', { path: table, fields, rows })
  for (const [where, ids, most, exceptions = {}] of conditions) {
    const expected = files.flat().filter(({ id }) => ids.includes(id))
    for (const engine of engines) {
      const title = `skipping: ${engine.name} where ${where}`
      try {
        const request = { path: table, where: engine === ours ? inOurWords(where) : where }
        const { rows } = await engine.ask('rows', request)
        const read = await engine.ask('scanned', request)
        const problem = firstDifference(fields, expected, rows) ?? tooMany(read, exceptions[engine.name] ?? most)
        report(problem === undefined ? { passed: title } : { failed: `${title}: ${problem}`, steps: [] })
      } catch (error) {
        const isKnown = isBeyond(engine, where) && /Overflow converting .* to Nanosecond/.test(error.message)
        report(isKnown ? { passed: title } : { failed: `${title}: ${error.message}`, steps: [] })
      }
    }
  }
}

// delta-rs takes an instant in a condition for nanoseconds since 1970 in 64 bits
const isBeyond = ({ name }, where) => name === 'delta-rs' && where.includes("'9999-")

// an instant is a timestamp with a zone in DuckDB
const inOurWords = (where) => where.replaceAll('AS TIMESTAMP)', 'AS TIMESTAMPTZ)')

function tooMany(read, most) {
  if (read.length === 0) return 'says that it reads no file'
  return read.length > most ? `reads ${read.length} of ${files.length} files, ${most} would do` : undefined
}

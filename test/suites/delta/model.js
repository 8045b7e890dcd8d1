// what a table holds after each step, worked out here: what the engines must all find

/** A table that is to be made. */
export const openModel = (path, profile, fields, partition) => ({
  path,
  profile,
  fields,
  partition,
  rows: [],
  /** What was found at the versions that steps ended with. */
  versions: new Map(),
  nextId: 1n,
  // delta-rs misreads Spark's INT96 instants that nanoseconds since 1970 in 64 bits cannot say
  isNear: false,
  isTouchedByDeltaRs: false,
})

/** Conditions in SQL that all engines take for the same, with what they mean for a row of JSON. */
export function randomCondition(random, { rows }) {
  const ids = rows.map(({ id }) => BigInt(id)).toSorted((a, b) => (a < b ? -1 : 1))
  if (ids.length === 0) return { sql: 'id = 0', holds: () => false }
  const [from, to] = [random.below(ids.length), random.below(ids.length)].toSorted((a, b) => a - b).map((at) => ids[at])
  const modulus = BigInt(random.between(2, 5))
  const n = random.between(-9, 9)
  return random.pick([
    { sql: `id BETWEEN ${from} AND ${to}`, holds: ({ id }) => BigInt(id) >= from && BigInt(id) <= to },
    { sql: `id = ${from}`, holds: ({ id }) => BigInt(id) === from },
    { sql: `id % ${modulus} = 1`, holds: ({ id }) => BigInt(id) % modulus === 1n },
    { sql: `n > ${n}`, holds: (row) => row.n !== null && Number(row.n) > n },
    { sql: 'n IS NULL', holds: (row) => row.n === null },
    { sql: `n = ${n} OR id > ${to}`, holds: (row) => (row.n !== null && Number(row.n) === n) || BigInt(row.id) > to },
  ])
}

/** A column and the value it gets, in SQL that all engines take for the same. */
export function randomAssignment(random, { fields, partition }) {
  const fit = fields.filter(
    ({ name, nullable }) => name !== 'id' && name !== 'n' && nullable && !partition.includes(name),
  )
  const choices = [
    { column: 'n', value: 'n + 1', change: ({ n }) => (n === null ? null : String(Number(n) + 1)) },
    { column: 'n', value: '7', change: () => '7' },
    ...fit
      .filter(({ type }) => type === 'string')
      .map(({ name }) => ({ column: name, value: `'neu Ü'`, change: () => 'neu Ü' })),
    ...fit
      .filter(({ type }) => type === 'boolean')
      .map(({ name }) => ({ column: name, value: 'true', change: () => true })),
    ...fit
      .filter(({ type }) => typeof type === 'string')
      .map(({ name }) => ({ column: name, value: 'NULL', change: () => null })),
  ]
  return random.pick(choices)
}

/** True where Spark's vacuum would take files of delta-rs that the table needs: it takes a path for another one when it is escaped in another way. */
export const isEscapedElsewise = ({ partition, isTouchedByDeltaRs }) =>
  isTouchedByDeltaRs && partition.some((name) => /[^\w.-]/.test(name))

/** The rows after an insert or update by key. */
export function mergedRows(rows, source) {
  const changed = new Map(source.map((row) => [row.id, row]))
  const known = new Set(rows.map(({ id }) => id))
  return [...rows.map((row) => changed.get(row.id) ?? row), ...source.filter(({ id }) => !known.has(id))]
}

import { bronzeMovies, newBronzeMovies } from '../bronze/movies.ts'
import { TableError } from '../errors.ts'
import type { Engine, TableState } from '../engines/engine.ts'
import type { Frame } from '../frame/index.ts'
import { answers } from '../silver/answers.ts'
import { fingerprints } from '../silver/fingerprints.ts'
import { silverTables } from '../silver/index.ts'
import { concurrently } from './concurrently.ts'
import { fingerprintOf, fingerprintProperty, hashesProperty } from './fingerprint.ts'
import { PendingWrites } from './pending-writes.ts'
import type { StepOutcome, StepTeller } from './run.ts'
import type { Session } from './session.ts'
import { SilverBuild } from './silver-build.ts'

/** Where a build of silver starts. */
export interface SilverPlan {
  readonly bronzeVersion: number
  /** The version of bronze.movies all silver tables have taken in; undefined when silver is built anew. */
  readonly since: number | undefined
  /** Whether some tables have taken in more than others: a build was cut off between its commits. */
  readonly isUneven: boolean
  /** The engines whose hashes silver.fingerprints holds; those of different engines cannot be compared. */
  readonly hashedBy: readonly string[]
  readonly isDue: boolean
  readonly reason: string
}

/** What a build of silver would do, and why. Throws TableError when there is no bronze. */
export async function planSilver(
  { engine, rules }: Pick<Session, 'engine' | 'rules'>,
  isForced = false,
): Promise<SilverPlan> {
  const bronze = await engine.state(bronzeMovies.name)
  if (bronze === undefined) throw noAnswers()
  const bronzeVersion = bronze.version
  const states = await Promise.all(
    silverTables(rules).map(async ({ table }) => ({ table, state: await engine.state(table.name) })),
  )
  const anew = (reason: string): SilverPlan => ({
    bronzeVersion,
    since: undefined,
    isUneven: false,
    hashedBy: [],
    isDue: true,
    reason,
  })
  if (isForced) return anew('asked to build anew')
  const missing = states.find(({ state }) => state === undefined)
  if (missing !== undefined) return anew(`${missing.table.name} is not there yet`)
  const changed = states.find(
    ({ table, state }) => state?.properties[fingerprintProperty] !== fingerprintOf(table, rules),
  )
  if (changed !== undefined) return anew(`${changed.table.name} was built by other rules`)
  const marks = states.map(({ state }) => watermark(state))
  const since = Math.min(...marks)
  const isUneven = marks.some((mark) => mark !== since)
  const hashed = states.find(({ table }) => table.name === fingerprints.name)?.state
  const hashedBy = (hashed?.properties[hashesProperty] ?? 'duckdb').split(' ')
  if (since < 0 || since > bronzeVersion)
    return anew('bronze.movies is another table than the one silver was built from')
  if (since === bronzeVersion)
    return { bronzeVersion, since, isUneven, hashedBy, isDue: false, reason: 'no new answers' }
  if (!(await tellsAppended(engine, since)))
    return anew(`bronze.movies no longer tells what came after version ${since}`)
  return {
    bronzeVersion,
    since,
    isUneven,
    hashedBy,
    isDue: true,
    reason: `bronze.movies went from version ${since} to ${bronzeVersion}`,
  }
}

/** Whether the answers that came after a version can still be told from the others. */
async function tellsAppended(engine: Engine, since: number): Promise<boolean> {
  try {
    await engine.openAppended(bronzeMovies, since)
    return true
  } catch (error) {
    if (error instanceof TableError && (error.fault === 'missing' || error.fault === 'conflict')) return false
    throw error
  }
}

/** The error of a build that has nothing to build from. */
export const noAnswers = (): TableError =>
  new TableError('bronze.movies: there are no answers yet', {
    fault: 'missing',
    hint: 'run: movielake run, or: movielake import FILE',
  })

const watermark = (state: TableState | undefined): number => state?.watermarks[bronzeMovies.name] ?? -1

/** Brings silver up to bronze: the movies with new answers are parsed once, and every table takes in what changed. All tables change together. */
export async function buildSilver(session: Session, plan: SilverPlan, tell: StepTeller): Promise<StepOutcome> {
  const { engine, rules } = session
  const read = { [bronzeMovies.name]: plan.bronzeVersion }
  if (!plan.isDue) return { status: 'unchanged', rows: 0, read, note: plan.reason }
  const bronze = await engine.open(bronzeMovies, { version: plan.bronzeVersion })
  const added = plan.since === undefined ? bronze : await engine.openAppended(bronzeMovies, plan.since)
  const staged = await engine.stage(answers.name, answers.build({ added, bronze }, rules) as Frame<object>)
  const tables = silverTables(rules)
  const writes = new PendingWrites(tables.map(({ table }) => table))
  const build = new SilverBuild(session, plan, writes, staged, [
    [answers, staged.frame],
    [newBronzeMovies, added],
    [bronzeMovies, bronze],
  ])
  try {
    const movies = await staged.frame.count()
    const outcome = { rows: movies, read, counts: { movies } }
    await build.compare()
    let begun = 0
    // tables built anew need the whole machine each
    await concurrently(tables, plan.since === undefined ? 1 : 2, async (silver) => {
      session.signal.throwIfAborted()
      tell.progress(begun++, silver.table.name)
      await build.prepare(silver)
    })
    // what is merged may ask for its keys again, what is written whole is there
    if (plan.since === undefined) await build.close()
    session.signal.throwIfAborted()
    // answers that say nothing new leave no trace: the next build looks at them again, together with those that come
    if (plan.since !== undefined && writes.changed.length === 0)
      return { ...outcome, status: 'unchanged', note: 'the new answers say nothing new' }
    tell.onEarlyEnd(() => ({ ...outcome, wrote: writes.committed }))
    const wrote = await writes.commit()
    const note = wrote.length === 0 ? 'nothing changed' : `${wrote.length} of ${tables.length} tables changed`
    return { ...outcome, status: wrote.length === 0 ? 'unchanged' : 'ok', wrote, note }
  } finally {
    await writes.discard()
    await build.close()
  }
}

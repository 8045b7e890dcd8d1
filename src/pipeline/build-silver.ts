import { bronzeMovies, newBronzeMovies } from '../bronze/movies.ts'
import { TableError } from '../errors.ts'
import type { CommitNote, PendingWrite, TableState } from '../engines/engine.ts'
import type { AnyFrame, Frame } from '../frame/index.ts'
import { answers } from '../silver/answers.ts'
import { silverTables, type SilverTable } from '../silver/index.ts'
import type { Table } from '../table.ts'
import { fingerprintOf, fingerprintProperty } from './fingerprint.ts'
import { PendingWrites } from './pending-writes.ts'
import type { StepOutcome, StepTeller } from './run.ts'
import type { Session } from './session.ts'

/** Where a build of silver starts. */
export interface SilverPlan {
  readonly bronzeVersion: number
  /** The version of bronze.movies all silver tables have taken in; undefined when silver is built anew. */
  readonly since: number | undefined
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
  const anew = (reason: string): SilverPlan => ({ bronzeVersion, since: undefined, isDue: true, reason })
  if (isForced) return anew('asked to build anew')
  const missing = states.find(({ state }) => state === undefined)
  if (missing !== undefined) return anew(`${missing.table.name} is not there yet`)
  const changed = states.find(
    ({ table, state }) => state?.properties[fingerprintProperty] !== fingerprintOf(table, rules),
  )
  if (changed !== undefined) return anew(`${changed.table.name} was built by other rules`)
  const since = Math.min(...states.map(({ state }) => watermark(state)))
  if (since < 0 || since > bronzeVersion)
    return anew('bronze.movies is another table than the one silver was built from')
  if (since === bronzeVersion) return { bronzeVersion, since, isDue: false, reason: 'no new answers' }
  return { bronzeVersion, since, isDue: true, reason: `bronze.movies went from version ${since} to ${bronzeVersion}` }
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
  const writes = new PendingWrites()
  const build = new SilverBuild(session, plan, writes, staged.frame, [
    [answers, staged.frame],
    [newBronzeMovies, added],
    [bronzeMovies, bronze],
  ])
  try {
    const movies = await staged.frame.count()
    const tables = silverTables(rules)
    for (const [done, silver] of tables.entries()) {
      session.signal.throwIfAborted()
      tell.progress(done, silver.table.name)
      await build.prepare(silver)
    }
    session.signal.throwIfAborted()
    // answers that say nothing new leave no trace: the next build looks at them again, together with those that come
    if (plan.since !== undefined && writes.changed.length === 0)
      return { status: 'unchanged', rows: movies, read, counts: { movies }, note: 'the new answers say nothing new' }
    tell.onEarlyEnd(() => ({ rows: movies, read, wrote: writes.committed, counts: { movies } }))
    const wrote = await writes.commit()
    const note = wrote.length === 0 ? 'nothing changed' : `${wrote.length} of ${tables.length} tables changed`
    return { status: wrote.length === 0 ? 'unchanged' : 'ok', rows: movies, read, wrote, counts: { movies }, note }
  } finally {
    await writes.discard()
    await build.close()
    await staged.drop()
  }
}

/** Rows with columns of ids, by whatever names. */
const rowsOf = (frame: AnyFrame): Frame<Record<string, 'bigint' | null>> =>
  frame as Frame<Record<string, 'bigint' | null>>

/** The tables of one build of silver, each made of what was staged or of what the ones before it will be. */
class SilverBuild {
  readonly #session: Session
  readonly #plan: SilverPlan
  readonly #writes: PendingWrites
  readonly #staged: AnyFrame
  /** Rows of the movies with new answers. */
  readonly #parts: Map<Table<object>, AnyFrame>
  /** Tables as they will be. */
  readonly #wholes = new Map<Table<object>, PendingWrite>()
  readonly #temporary: { drop(): Promise<void> }[] = []

  constructor(
    session: Session,
    plan: SilverPlan,
    writes: PendingWrites,
    staged: AnyFrame,
    inputs: readonly (readonly [Table<object>, AnyFrame])[],
  ) {
    this.#session = session
    this.#plan = plan
    this.#writes = writes
    this.#staged = staged
    this.#parts = new Map(inputs)
  }

  /** Lets go of what the build has kept for itself. */
  async close(): Promise<void> {
    for (const one of this.#temporary.splice(0)) await one.drop()
  }

  async prepare(silver: SilverTable): Promise<void> {
    const { table } = silver
    const write = silver.upkeep === 'regroup' ? await this.#regroup(silver) : await this.#mergePart(silver)
    this.#wholes.set(table, write)
    await this.#writes.add(this.#session, table, write, this.#note(table))
  }

  async #mergePart({ table, upkeep, column }: SilverTable): Promise<PendingWrite> {
    const { engine, rules } = this.#session
    const part = table.build(inputsOf(table, this.#parts), rules)
    this.#parts.set(table, part)
    if (this.#plan.since === undefined) return engine.overwrite(table, part)
    const keys = (this.#staged as Frame<{ movie_id: 'bigint' }>).select((a) => ({ [column]: a.movie_id }))
    return upkeep === 'upsert' ? engine.merge(table, part) : engine.merge(table, part, { column, keys })
  }

  /** A table whose groups come from rows of one other table: only those are counted anew that lost or gained rows. */
  async #regroup({ table, column }: SilverTable): Promise<PendingWrite> {
    const { engine, rules } = this.#session
    const [name = '', input = table] = Object.entries(table.inputs)[0] ?? []
    const write = this.#wholes.get(input)
    if (write === undefined) throw new Error(`${table.name} is built before ${input.name}`)
    if (this.#plan.since === undefined) return engine.overwrite(table, table.build({ [name]: write.after }, rules))
    const before = rowsOf(await engine.open(input))
    const replaced = before.join(rowsOf(this.#staged).select('movie_id'), ['movie_id'], 'semi')
    const touched = replaced.select(column).unionByName(rowsOf(write.written).select(column))
    const keys = await engine.stage(`${table.name}.touched`, touched.dropNulls(column).distinct())
    this.#temporary.push(keys)
    const part = rowsOf(write.after).join(keys.frame, [column], 'semi')
    return engine.merge(table, table.build({ [name]: part }, rules), { column, keys: keys.frame })
  }

  #note(table: Table<object>): CommitNote {
    const { run, rules } = this.#session
    return {
      runId: run.id,
      watermarks: { [bronzeMovies.name]: this.#plan.bronzeVersion },
      properties: { [fingerprintProperty]: fingerprintOf(table, rules) },
    }
  }
}

/** The frames a table is built from, by the names it calls them. */
export function inputsOf(
  table: Table<object>,
  frames: ReadonlyMap<Table<object>, AnyFrame>,
): Readonly<Record<string, AnyFrame>> {
  return Object.fromEntries(
    Object.entries(table.inputs).map(([name, input]) => {
      const frame = frames.get(input)
      if (frame === undefined) throw new Error(`${table.name} is built before ${input.name}`)
      return [name, frame]
    }),
  )
}

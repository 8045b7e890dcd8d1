import { bronzeMovies } from '../bronze/movies.ts'
import type { CommitNote, PendingWrite } from '../engines/engine.ts'
import type { AnyFrame, Frame } from '../frame/index.ts'
import { changedParts, fingerprints } from '../silver/fingerprints.ts'
import type { SilverTable } from '../silver/index.ts'
import { movies } from '../silver/movies.ts'
import type { Table } from '../table.ts'
import type { SilverPlan } from './build-silver.ts'
import { fingerprintOf, fingerprintProperty, hashesProperty } from './fingerprint.ts'
import type { PendingWrites } from './pending-writes.ts'
import type { Session } from './session.ts'
import { inputsOf } from './table-inputs.ts'

/** Rows that are kept until they are dropped. */
interface Staged {
  readonly frame: AnyFrame
  drop(): Promise<void>
}

type MovieIds = Frame<{ movie_id: 'bigint' }>

/** Rows with columns of ids, by whatever names. */
const rowsOf = (frame: AnyFrame): Frame<Record<string, 'bigint' | null>> =>
  frame as Frame<Record<string, 'bigint' | null>>

/** The tables of one build of silver, each made of what was staged or of what the ones before it will be. */
export class SilverBuild {
  readonly #session: Session
  readonly #plan: SilverPlan
  readonly #writes: PendingWrites
  readonly #staged: AnyFrame
  /** Rows of the movies with new answers. */
  readonly #parts: Map<Table<object>, AnyFrame>
  /** Tables as they will be. */
  readonly #wholes = new Map<Table<object>, Promise<PendingWrite>>()
  /** What of which movies has changed; undefined when all of them are to be looked at. */
  #changed: ReturnType<typeof changedParts> | undefined
  readonly #temporary: Staged[]

  constructor(
    session: Session,
    plan: SilverPlan,
    writes: PendingWrites,
    staged: Staged,
    inputs: readonly (readonly [Table<object>, AnyFrame])[],
  ) {
    this.#session = session
    this.#plan = plan
    this.#writes = writes
    this.#staged = staged.frame
    this.#temporary = [staged]
    this.#parts = new Map(inputs)
  }

  /** Lets go of the staged answers, and of what the build has kept for itself. */
  async close(): Promise<void> {
    for (const one of this.#temporary.splice(0)) await one.drop()
  }

  /** Finds out what of the movies with new answers has changed, so that only the tables it concerns are read. */
  async compare(): Promise<void> {
    const { engine, rules } = this.#session
    this.#parts.set(movies, movies.build(inputsOf(movies, this.#parts), rules))
    const now = await this.#stage(
      'silver.fingerprints.now',
      fingerprints.build(inputsOf(fingerprints, this.#parts), rules),
    )
    this.#parts.set(fingerprints, now)
    const { since, isUneven, hashedBy } = this.#plan
    // after a build that was cut off the fingerprints may not be those of the tables
    if (since === undefined || isUneven || hashedBy.some((name) => name !== engine.name)) return
    const changed = changedParts(this.#staged as MovieIds, await engine.open(fingerprints), now)
    this.#changed = await this.#stage('silver.changed', changed)
  }

  async prepare(silver: SilverTable): Promise<void> {
    const { table } = silver
    const writing = silver.upkeep === 'regroup' ? this.#regroup(silver) : this.#mergePart(silver)
    this.#wholes.set(table, writing)
    await this.#writes.add(this.#session, table, await writing, this.#note(table))
  }

  async #mergePart({ table, upkeep, column, part }: SilverTable): Promise<PendingWrite> {
    const { engine, rules } = this.#session
    const inputs = inputsOf(table, this.#parts)
    const known = this.#parts.get(table)
    const rows = known ?? table.build(inputs, rules)
    if (this.#plan.since === undefined) return engine.overwrite(table, rows)
    if (upkeep === 'upsert') return engine.merge(table, rows)
    if (part === undefined || this.#changed === undefined)
      return engine.merge(table, rows, { column, keys: this.#keys(this.#staged as MovieIds, column) })
    const movieIds = this.#changed.filter((m) => m[part]).select('movie_id')
    const source = known === undefined ? table.build(onlyOf(movieIds, inputs), rules) : ofMovies(movieIds, known)
    // links and credits are many rows a movie, of which a fingerprint tells only that some have changed
    const isChanged = part !== 'links' && part !== 'credits'
    return engine.merge(table, source, { column, keys: this.#keys(movieIds, column), isChanged })
  }

  #keys(movieIds: MovieIds, column: string): AnyFrame {
    return movieIds.select((m) => ({ [column]: m.movie_id }))
  }

  /** A table whose groups come from rows of one other table: only those are counted anew that lost or gained rows. */
  async #regroup({ table, column }: SilverTable): Promise<PendingWrite> {
    const { engine, rules } = this.#session
    const [name = '', input = table] = Object.entries(table.inputs)[0] ?? []
    const write = await this.#wholes.get(input)
    if (write === undefined) throw new Error(`${table.name} is built before ${input.name}`)
    // what an input has taken in before this build, its groups may not have seen
    if (this.#plan.since === undefined || this.#plan.isUneven)
      return engine.overwrite(table, table.build({ [name]: write.after }, rules))
    const replaced = rowsOf(await write.replaced())
    const touched = replaced.select(column).unionByName(rowsOf(write.written).select(column))
    const keys = await this.#stage(`${table.name}.touched`, touched.dropNulls(column).distinct())
    const part = rowsOf(write.after).join(keys, [column], 'semi')
    return engine.merge(table, table.build({ [name]: part }, rules), { column, keys })
  }

  async #stage<S>(name: string, frame: Frame<S>): Promise<Frame<S>> {
    const staged = await this.#session.engine.stage(name, frame)
    this.#temporary.push(staged)
    return staged.frame
  }

  #note(table: Table<object>): CommitNote {
    const { engine, run, rules } = this.#session
    const hashedBy = [...new Set([...this.#plan.hashedBy, engine.name])].toSorted().join(' ')
    return {
      runId: run.id,
      watermarks: { [bronzeMovies.name]: this.#plan.bronzeVersion },
      properties: {
        [fingerprintProperty]: fingerprintOf(table, rules),
        ...(table.name === fingerprints.name && { [hashesProperty]: hashedBy }),
      },
    }
  }
}

const ofMovies = (movieIds: MovieIds, frame: AnyFrame): AnyFrame => rowsOf(frame).join(movieIds, ['movie_id'], 'semi')

/** The rows of these movies alone. */
const onlyOf = (movieIds: MovieIds, inputs: Readonly<Record<string, AnyFrame>>): Readonly<Record<string, AnyFrame>> =>
  Object.fromEntries(Object.entries(inputs).map(([name, frame]) => [name, ofMovies(movieIds, frame)]))

import type { CommitNote, Committed, PendingWrite } from '../engines/engine.ts'
import { QualityError } from '../errors.ts'
import { checkWrite } from '../quality/check-write.ts'
import type { Table } from '../table.ts'
import type { Session } from './session.ts'

/** Writes of several tables: all are prepared and checked before the first is committed. That readers see them together is up to published.json. */
export class PendingWrites {
  /** The commits so far that changed rows. */
  readonly committed: Committed[] = []
  readonly #order: readonly string[]
  readonly #writes: { readonly table: Table<object>; readonly write: PendingWrite; readonly note: CommitNote }[] = []

  /** They are committed in the order of these tables, whichever was prepared first. */
  constructor(tables: readonly { readonly name: string }[]) {
    this.#order = tables.map(({ name }) => name)
  }

  /** Adds a prepared write. Throws QualityError, after everything has been discarded, when its rows break what the table declares. */
  async add(session: Session, table: Table<object>, write: PendingWrite, note: CommitNote): Promise<void> {
    this.#writes.push({ table, write, note })
    const [first, ...others] = await checkWrite(table, write, session.signal)
    if (first === undefined) return
    await this.discard()
    const list = [first, ...others].map(({ check, failures }) => `${check} (${failures} times broken)`).join(', ')
    throw new QualityError(`${first.table}: ${list}`, {
      hint: 'nothing was written; look for what is new in the answers: movielake query "select * from bronze.movies"',
    })
  }

  /** The tables whose rows would change. */
  get changed(): readonly string[] {
    return this.#writes.filter(({ write }) => write.isChange).map(({ table }) => table.name)
  }

  /** Makes all of them visible. Answers the commits that changed rows. */
  async commit(): Promise<readonly Committed[]> {
    const place = ({ table }: { readonly table: Table<object> }): number => this.#order.indexOf(table.name)
    this.#writes.sort((a, b) => place(a) - place(b))
    while (this.#writes.length > 0) {
      const [next] = this.#writes.splice(0, 1)
      if (next === undefined) break
      const committed = await next.write.commit(next.note)
      if (next.write.isChange) this.committed.push(committed)
    }
    return this.committed
  }

  /** Removes the files of what has not been committed. */
  async discard(): Promise<void> {
    for (const { write } of this.#writes.splice(0)) await write.discard()
  }
}

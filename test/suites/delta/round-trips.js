// random tables and random steps, each done by a random engine; after each step all engines must find the same rows, columns and history
import path from 'node:path'
import { fieldOf, randomField, randomFields, randomPartition, randomRows } from './generate.js'
import { isEscapedElsewise, mergedRows, openModel, randomAssignment, randomCondition } from './model.js'
import { profiles, refusalOf } from './profiles.js'
import { openRandom } from './random.js'
import { firstDifference, typeName } from './values.js'

/**
 * Makes tables, and takes steps on each. Answers nothing: `report` is told of each step, and of what an engine refuses. A table that has failed
 * is left as it is.
 */
export async function runRoundTrips({ seed, tables, steps, only, engines, folder, report }) {
  for (let number = 0; number < tables; number += 1) {
    if ((only !== undefined && only !== number) || engines.some((engine) => engine.isGone())) continue
    const random = openRandom(`${seed} ${number}`)
    const trip = new Trip(engines, random, report, `seed ${seed} table ${number}`)
    // each kind has its turn, whatever the seed
    const profile = profiles[(number + hashOf(seed)) % profiles.length]
    await trip.run(path.join(folder, `table-${seed}-${number}`), profile, steps)
  }
}

const hashOf = (seed) => openRandom(seed).below(profiles.length)

const changes = ['merge', 'merge', 'delete', 'update', 'overwrite', 'restore']
const layouts = ['append', 'optimize', 'z_order', 'checkpoint', 'vacuum', 'add_columns']

/** One table's way. */
class Trip {
  constructor(engines, random, report, name) {
    Object.assign(this, { engines, random, report, name, done: [] })
  }

  async run(place, profile, steps) {
    this.model = this.makeModel(place, profile)
    const { fields, partition } = this.model
    this.log = `${this.name}, ${profile.name}: ${fields.map((field) => `${field.name} ${typeName(field.type)}`).join(', ')}${partition.length > 0 ? ` by ${partition.join(', ')}` : ''}`
    for (let step = 0; step < steps; step += 1) {
      const { engine, operation } = step === 0 ? this.creation() : this.choice(step)
      if (!(await this.take(step, engine, operation))) return
    }
  }

  makeModel(place, profile) {
    const { random } = this
    const hasNtz = profile.name === 'plain' && random.chance(0.3)
    const fields = randomFields(random, { hasNtz, count: random.between(2, 5) })
    if (profile.hasNotNull === true) fields[1] = fieldOf('n', 'integer', false)
    const model = openModel(place, profile, fields, randomPartition(random, fields))
    model.isNear = random.chance(0.5)
    // beyond what JavaScript's and Python's floats hold
    if (random.chance(0.3)) model.nextId = 2n ** 53n + 1n
    return model
  }

  creation() {
    const { model, random } = this
    const { profile, fields, partition } = model
    const properties = { ...profile.properties, ...(random.chance(0.4) && { 'delta.checkpointInterval': '3' }) }
    return {
      engine: this.engineOf(random.pick(profile.creators)),
      operation: { command: 'create', request: { fields, partition_by: partition, properties }, after: () => [] },
    }
  }

  engineOf(name) {
    return this.engines.find((engine) => engine.name === name)
  }

  choice(step) {
    const { model, random } = this
    const { profile } = model
    const kinds = ['append', ...changes, ...layouts]
    const appending = this.engines.filter(({ name }) => refusalOf(name, 'append', profile) === undefined)
    if (step === 1) return { engine: random.pick(appending), operation: this.operation('append') }
    if (step === 2 && profile.constraint !== undefined)
      return { engine: this.engineOf(random.pick(['Spark', 'delta-rs'])), operation: this.operation('add_constraint') }
    if (profile.isMapped === true) kinds.push('rename', 'drop')
    if (profile.isWidened === true) kinds.push('widen', 'widen')
    if (profile.constraint !== undefined || profile.hasNotNull === true || profile.name === 'append only')
      kinds.push('break', 'break', 'break')
    const allowed = profile.name === 'append only' ? kinds.filter((kind) => !changes.includes(kind)) : kinds
    const operation = this.operation(random.pick(allowed))
    const others = this.engines.filter(({ name }) => name !== 'Spark')
    const able = operation.command === 'vacuum' && isEscapedElsewise(model) ? others : this.engines
    const { by } = operation
    return { engine: by === undefined ? random.pick(able) : this.engineOf(random.pick(by)), operation }
  }

  newRows(count) {
    const { model, random } = this
    const ids = Array.from({ length: count }, (_, i) => model.nextId + BigInt(i))
    model.nextId += BigInt(count)
    return randomRows(random, model, ids)
  }

  operation(kind) {
    const { model, random } = this
    const { fields, rows, partition } = model
    if (kind === 'append' || kind === 'overwrite') {
      const more = this.newRows(random.between(1, 12))
      return {
        command: kind,
        request: { fields, rows: more },
        after: () => (kind === 'append' ? [...rows, ...more] : more),
      }
    }
    if (kind === 'merge') {
      const known = random.some(rows, random.below(5)).map(({ id }) => BigInt(id))
      const source = [
        ...randomRows(random, model, known),
        ...this.newRows(random.between(known.length === 0 ? 1 : 0, 5)),
      ]
      return { command: kind, request: { fields, rows: source, on: ['id'] }, after: () => mergedRows(rows, source) }
    }
    if (kind === 'delete' || kind === 'update') {
      const { sql, holds } = randomCondition(random, model)
      if (kind === 'delete')
        return { command: kind, request: { where: sql }, after: () => rows.filter((row) => !holds(row)) }
      const { column, value, change } = randomAssignment(random, model)
      return {
        command: kind,
        request: { where: sql, column, value },
        after: () => rows.map((row) => (holds(row) ? { ...row, [column]: change(row) } : row)),
      }
    }
    if (kind === 'z_order') return { command: kind, request: { by: random.some(['id', 'n'], random.between(1, 2)) } }
    if (kind === 'add_columns') {
      const field = randomField(random, `later${fields.length}`)
      return {
        command: kind,
        request: { fields: [field] },
        change: () => {
          model.fields = [...fields, field]
        },
        after: () => rows.map((row) => ({ ...row, [field.name]: null })),
      }
    }
    if (kind === 'add_constraint')
      return { command: kind, request: { name: 'small', condition: model.profile.constraint } }
    if (kind === 'break') return this.breaking()
    if (kind === 'restore') return this.restoring()
    if (kind === 'widen') return this.widening()
    if (kind === 'rename' || kind === 'drop') return this.sparks(kind, partition)
    return { command: kind, request: {} }
  }

  /** What the table's own rules forbid. */
  breaking() {
    const { model } = this
    const { profile, fields } = model
    if (profile.name === 'append only')
      return {
        command: 'delete',
        request: { where: 'id > 0' },
        forbids: /append.?only|only (allow|for) appends|allow appends/i,
      }
    const [row] = this.newRows(1)
    const broken = { ...row, n: profile.constraint === undefined ? null : '1000' }
    // the source may lack what the table asks for
    const loose = fields.map((field) => ({ ...field, nullable: true }))
    const forbids = profile.constraint === undefined ? /null|invalid data/i : /constraint|invalid data|validation/i
    return { command: 'append', request: { fields: loose, rows: [broken] }, forbids }
  }

  restoring() {
    const { model, random } = this
    const [version, then] = random.pick([...model.versions].slice(0, -1)) ?? []
    if (then === undefined) return { command: 'checkpoint', request: {} }
    return {
      command: 'restore',
      request: { version },
      change: () => {
        model.fields = then.fields
      },
      after: () => then.rows,
    }
  }

  /** What delta-rs cannot do. */
  widening() {
    const { model } = this
    const { fields } = model
    const by = ['Spark', 'movielake']
    if (fields.find(({ name }) => name === 'n').type === 'long') return { by, command: 'optimize', request: {} }
    return {
      by,
      command: 'widen',
      request: { name: 'n', type: 'long' },
      change: () => {
        model.fields = fields.map((field) => (field.name === 'n' ? { ...field, type: 'long' } : field))
      },
    }
  }

  /** What Spark alone can do. */
  sparks(kind, partition) {
    const { model, random } = this
    const { fields, rows } = model
    const names = fields.map(({ name }) => name).filter((name) => !['id', 'n', ...partition].includes(name))
    if (names.length === 0) return { by: ['Spark'], command: 'optimize', request: {} }
    const name = random.pick(names)
    const next = `renamed ${fields.length}-${model.versions.size}`
    return kind === 'drop'
      ? {
          by: ['Spark'],
          command: 'sql',
          request: { text: `ALTER TABLE {table} DROP COLUMN \`${name}\`` },
          change: () => {
            model.fields = fields.filter((field) => field.name !== name)
          },
          after: () => rows.map((row) => without(row, name)),
        }
      : {
          by: ['Spark'],
          command: 'sql',
          request: { text: `ALTER TABLE {table} RENAME COLUMN \`${name}\` TO \`${next}\`` },
          change: () => {
            model.fields = fields.map((field) => (field.name === name ? { ...field, name: next } : field))
          },
          after: () => rows.map((row) => ({ ...without(row, name), [next]: row[name] })),
        }
  }

  /** Takes a step and looks at what it has left. False when the table is not as it should be. */
  async take(step, engine, operation) {
    const { model } = this
    const { command, request, after, change, forbids } = operation
    const title = `${this.name} step ${step}: ${engine.name} ${command}${shown(request)}`
    const { says, isSometimes } = refusalOf(engine.name, command, model.profile) ?? {}
    const { fields, rows, ...rest } = request
    const asked = {
      path: model.path,
      ...(fields && { fields }),
      ...(rows && { rows }),
      ...rest,
      ...this.settings(engine, command),
    }
    let thrown
    try {
      await engine.ask(command, asked)
    } catch (error) {
      thrown = error
    }
    this.done.push(title)
    const problem = refusalProblem(thrown, forbids ?? says, isSometimes)
    if (problem !== undefined) return this.fail(title, problem)
    if (thrown !== undefined)
      this.report({ refused: `${engine.name}: ${command}, ${model.profile.name}`, message: thrown.message })
    if (thrown === undefined) {
      if (engine.name === 'delta-rs') model.isTouchedByDeltaRs = true
      if (after !== undefined) model.rows = after()
      change?.()
    }
    const found = await this.look(command === 'vacuum')
    if (found !== undefined) return this.fail(title, found)
    this.report({ passed: title })
    return true
  }

  /** What only this engine is told. */
  settings(engine, command) {
    const { rewriteBytes } = this.model.profile
    const marks =
      engine.name === 'movielake' && rewriteBytes !== undefined && ['merge', 'delete', 'update'].includes(command)
    return marks
      ? { rewriteBytes }
      : engine.name === 'Spark'
        ? { instants: this.model.isNear ? 'INT96' : 'TIMESTAMP_MICROS' }
        : {}
  }

  fail(title, problem) {
    this.report({ failed: `${title}: ${problem}`, steps: [this.log, ...this.done] })
    return false
  }

  /** What an engine finds that it should not, in the newest version or in an older one. */
  async look(hasVacuumed) {
    const { model, random, engines } = this
    const readers = engines.filter((engine) => refusalOf(engine.name, 'rows', model.profile) === undefined)
    const blind = await this.askBlind(engines.filter((engine) => !readers.includes(engine)))
    if (blind !== undefined) return blind
    const found = await Promise.all(
      readers.map(async ({ name, ask }) => {
        try {
          return {
            name,
            ...(await ask('rows', { path: model.path })),
            history: await ask('history', { path: model.path }),
          }
        } catch (error) {
          return { name, problem: `cannot read: ${error.message}` }
        }
      }),
    )
    for (const one of found) {
      const problem = one.problem ?? this.difference(one, model)
      if (problem !== undefined) return `${one.name} ${problem}`
    }
    const [mine, ...others] = found
    const different = others.find(({ history }) => JSON.stringify(history) !== JSON.stringify(mine.history))
    if (different !== undefined)
      return `${different.name} has the history ${JSON.stringify(different.history)}, ${mine.name} ${JSON.stringify(mine.history)}`
    if (hasVacuumed) model.versions.clear()
    const older = [...model.versions]
    model.versions.set(mine.version, { fields: model.fields, rows: model.rows })
    // older versions take Spark as long as the newest: now and then
    if (older.length === 0 || random.chance(0.6)) return undefined
    const [version, then] = random.pick(older)
    for (const { name, ask } of readers) {
      const again = await ask('rows', { path: model.path, version })
      const problem = this.difference(again, then)
      if (problem !== undefined) return `${name} at version ${version} ${problem}`
    }
    return undefined
  }

  /** Asks engines that are known not to read such a table, all the same. */
  async askBlind(engines) {
    const { path: folder, profile } = this.model
    for (const { name, ask } of engines) {
      const { says } = refusalOf(name, 'rows', profile)
      const thrown = await ask('rows', { path: folder }).then(
        () => undefined,
        (error) => error,
      )
      const problem = refusalProblem(thrown, says, false)
      if (problem !== undefined) return `${name} ${problem}`
      this.report({ refused: `${name}: read, ${profile.name}`, message: thrown.message })
    }
    return undefined
  }

  difference({ fields, rows }, expected) {
    const [found, wanted] = [fields, expected.fields].map(schemaText)
    if (found !== wanted) return `has the columns ${found}, not ${wanted}`
    return firstDifference(expected.fields, expected.rows, rows)
  }
}

/** What is wrong when an engine has thrown or not; `says` what it was expected to. */
function refusalProblem(thrown, says, isSometimes) {
  if (says === undefined) return thrown && `threw ${thrown.message}`
  if (thrown === undefined) return isSometimes === true ? undefined : `was expected to refuse, with ${says}`
  return says.test(thrown.message) ? undefined : `refuses, but not with ${says}: ${thrown.message}`
}

const without = (row, name) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== name))

const schemaText = (fields) =>
  fields.map(({ name, type, nullable }) => `${name} ${typeName(type)}${nullable ? '' : ' not null'}`).join(', ')

function shown({ rows, ...others }) {
  const request = without(others, 'fields')
  const parts = [
    ...(rows === undefined ? [] : [`${rows.length} rows`]),
    ...(Object.keys(request).length === 0 ? [] : [JSON.stringify(request)]),
  ]
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`
}

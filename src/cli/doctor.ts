import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { OpenedConfig } from '../config/config.ts'
import { lakePaths } from '../config/paths.ts'
import { ConfigError, LakeError } from '../errors.ts'
import { isStale, readLock } from '../pipeline/lock.ts'
import { redact } from '../sources/tmdb/index.ts'
import type { Context } from './context.ts'
import { sparkChecks } from './doctor-spark.ts'
import { checkKey, checkTmdb, type Check, type Finding } from './doctor-tmdb.ts'
import { formatBytes } from '../report/numbers.ts'
import { padded } from './text-table.ts'

/** Looks at the machine, the settings and the lake; changes nothing. Answers 0, 1 when something would fail, 2 when it is the settings. */
export async function doctor(context: Context): Promise<number> {
  const settings = await context.settings().catch((error: unknown) => {
    if (error instanceof ConfigError) return error
    throw error
  })
  const checks = { node: checkNode, duckdb: checkDuckdb, config: async () => checkConfig(settings) }
  const later = settings instanceof ConfigError ? {} : checksOf(settings, context)
  const findings: Finding[] = []
  for (const [check, look] of Object.entries({ ...checks, ...later })) {
    context.io.signal.throwIfAborted()
    findings.push({ check, ...(await look().catch(unexpected)) })
  }
  if (context.flags.json === true) context.json({ checks: findings })
  else for (const finding of findings) tell(context, finding)
  if (settings instanceof ConfigError) return 2
  return findings.some(({ status }) => status === 'fail') ? 1 : 0
}

function checksOf(settings: OpenedConfig, context: Context): Record<string, Check> {
  const { config } = settings
  return {
    lake: () => checkFolder(config.lake.path),
    space: () => checkSpace(config.lake.path),
    lock: () => checkLock(config.lake.path, context.io.now),
    ...(config.engine === 'spark' ? sparkChecks(settings, context.io.now) : {}),
    tables: () => checkTables(config.lake.path, context),
    key: async () => checkKey(settings),
    tmdb: () => checkTmdb(settings, context),
  }
}

async function checkNode(): ReturnType<Check> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return { status: 'ok', found: `Node ${process.versions.node}` }
  return { status: 'fail', found: `Node ${process.versions.node}`, remedy: 'install Node 20.19 or newer' }
}

async function checkDuckdb(): ReturnType<Check> {
  const { DuckDBInstance, version } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:')
  instance.closeSync()
  return { status: 'ok', found: `DuckDB ${version()} loads` }
}

function checkConfig(settings: OpenedConfig | ConfigError): Omit<Finding, 'check'> {
  if (settings instanceof ConfigError)
    return { status: 'fail', found: settings.message, ...(settings.hint !== undefined && { remedy: settings.hint }) }
  const changed = Object.values(settings.origins).filter(
    (origin) => origin !== 'default' && origin !== 'not set',
  ).length
  return { status: 'ok', found: `${settings.file ?? 'no config file'}, ${changed} settings made` }
}

async function checkFolder(path: string): ReturnType<Check> {
  const folder = await existing(path)
  const probe = join(folder, `.movielake-${process.pid}`)
  const remedy = `let this user write to ${folder}, or name another folder with --lake`
  try {
    await access(folder, constants.R_OK)
    if (!(await stat(folder)).isDirectory())
      return { status: 'fail', found: `${folder} is no folder`, remedy: 'name another with --lake' }
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    return { status: 'fail', found: `${folder}: ${error instanceof Error ? error.message : ''}`, remedy }
  }
  return { status: 'ok', found: folder === path ? `${path} can be written` : `${path} can be made` }
}

async function checkSpace(path: string): ReturnType<Check> {
  const { bavail, bsize } = await statfs(await existing(path))
  const free = bavail * bsize
  const found = `${formatBytes(free)} free`
  return free < 1e9
    ? { status: 'warn', found, remedy: 'make room: a million movies take about 5 GB' }
    : { status: 'ok', found }
}

async function checkLock(path: string, now: () => number): ReturnType<Check> {
  const holder = await readLock(lakePaths(path).lock)
  if (holder === undefined) return { status: 'ok', found: 'not locked' }
  const found = `locked by "${holder.command}", process ${holder.pid} on ${holder.host}`
  return isStale(holder, new Date(now()))
    ? {
        status: 'warn',
        found: `${found}, which is dead`,
        remedy: 'the next run takes its place; movielake unlock does it now',
      }
    : { status: 'ok', found }
}

async function checkTables(path: string, context: Context): ReturnType<Check> {
  if ((await existing(path)) !== path) return { status: 'ok', found: 'no tables yet' }
  try {
    const lake = await context.lake()
    return { status: 'ok', found: `${(await lake.tables()).length} tables can be read` }
  } catch (error) {
    if (!(error instanceof LakeError)) throw error
    return { status: 'fail', found: error.message, ...(error.hint !== undefined && { remedy: error.hint }) }
  }
}

/** The nearest folder above that is there. */
async function existing(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  return isThere || dirname(path) === path ? path : existing(dirname(path))
}

const unexpected = (error: unknown): Omit<Finding, 'check'> => ({
  status: 'fail',
  found: redact(error instanceof Error ? error.message : String(error)),
  remedy: 'run npm ci again; if it stays, report it',
})

function tell({ out }: Context, { check, status, found, remedy }: Finding): void {
  const style = { ok: 'green', warn: 'yellow', fail: 'red' } as const
  out.line(`${out.styled(style[status], padded(status, 5))}${padded(check, 7)} ${found}`)
  if (remedy !== undefined && remedy !== '') out.line(`             ${out.styled('cyan', remedy)}`)
}

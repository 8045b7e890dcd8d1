import type { OpenedConfig } from '../config/config.ts'
import { sparkServer } from '../config/spark-server.ts'
import type { SparkSession } from '../engines/spark/connect/session.ts'
import { LakeError } from '../errors.ts'
import type { Check, Finding } from './doctor-tmdb.ts'

type Found = Omit<Finding, 'check'>

/** Looks at the Spark server of the settings: what it is, whether it has Delta and can write where the tables lie, and its clock. */
export function sparkChecks({ config, secrets }: OpenedConfig, now: () => number): Readonly<Record<string, Check>> {
  const server = sparkServer(config, secrets)
  let opened: Promise<SparkSession> | undefined
  const session = async (): Promise<SparkSession> => {
    const { connectSpark } = await import('../engines/spark/spark-connection.ts')
    opened ??= connectSpark(server)
    return opened
  }
  return {
    spark: () => told(async () => checkServer(await session())),
    root: () => told(async () => checkRoot(await session(), server.root)),
    clock: () =>
      told(async () => checkClock(await session(), now)).finally(async () => {
        await (await opened?.catch(() => undefined))?.close()
      }),
  }
}

/** A check whose failure is an error that says what to do. */
async function told(check: () => Promise<Found>): Promise<Found> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof LakeError)) throw error
    const [found = ''] = error.message.split('\n')
    return { status: 'fail', found, ...(error.hint !== undefined && { remedy: error.hint }) }
  }
}

async function checkServer({ address, version }: SparkSession): Promise<Found> {
  return { status: 'ok', found: `${address} runs Spark ${version} with Delta` }
}

async function checkRoot(session: SparkSession, root: string): Promise<Found> {
  const { sparkDialect } = await import('../engines/spark/spark-dialect.ts')
  // a folder that is there again for the next look: SQL cannot take one away
  const folder = sparkDialect.text(`${root.replace(/\/+$/, '')}/_movielake_doctor`)
  await session.run(`INSERT OVERWRITE DIRECTORY ${folder} USING parquet SELECT 1 AS one`)
  return { status: 'ok', found: `the server can write to ${root}` }
}

async function checkClock(session: SparkSession, now: () => number): Promise<Found> {
  const [row = {}] = await session.collect('SELECT unix_millis(current_timestamp()) AS ms')
  const seconds = Math.round((Number(row['ms']) - now()) / 1000)
  if (Math.abs(seconds) < 60) return { status: 'ok', found: 'the server has our time' }
  const ahead = seconds > 0 ? 'ahead of' : 'behind'
  return {
    status: 'warn',
    found: `the server's clock is ${Math.abs(seconds)} s ${ahead} ours`,
    remedy: 'versions of tables bear its time: let both follow a time server',
  }
}

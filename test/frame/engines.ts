import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckdb } from '../../src/engines/duckdb/duckdb-engine.ts'
import type { Engine } from '../../src/engines/engine.ts'

// frames of these tests touch no table: there is no such lake
const root = join(tmpdir(), 'movielake-no-lake')

/** An engine for what is no matter of SQL. */
export const openEngine = (): Promise<Engine> => openDuckdb({ root, threads: 1, memoryLimit: '1GB' })

/** The engines that every case runs on; a new one is an item here. */
export const openEngines = async (): Promise<readonly Engine[]> => [await openEngine()]

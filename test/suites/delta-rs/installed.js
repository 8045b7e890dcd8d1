// the Python that has delta-rs, installed on first use into the cache
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const packages = ['deltalake==1.6.6', 'pyarrow', 'pandas']

/** The path of a Python that has delta-rs, or why there is none. */
export function pythonWithDeltaRs() {
  const cache = process.env.MOVIELAKE_CACHE ?? path.join(os.homedir(), '.cache/movielake')
  const python = path.join(cache, 'delta-rs/bin/python')
  const asked = ['-c', 'import deltalake, pyarrow, pandas; assert deltalake.__version__ == "1.6.6"']
  if (existsSync(python) && spawnSync(python, asked).status === 0) return { python }
  try {
    mkdirSync(cache, { recursive: true })
    execFileSync('python3', ['-m', 'venv', path.join(cache, 'delta-rs')], { stdio: 'pipe' })
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe' })
    return { python }
  } catch (error) {
    const said = String(error.stderr ?? error.message).trim()
    return { problem: said.split('\n').at(-1) }
  }
}

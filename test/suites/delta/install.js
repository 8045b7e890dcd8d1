// fetches Spark, Delta, delta-rs and Sail into the cache folder
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = ['pyspark==4.2.0', 'deltalake==1.6.6', 'pyarrow==26.0.1']
// it asks PySpark for its version, and for nothing that PySpark needs
const sailPackages = ['--no-deps', 'pysail==0.7.2', 'pyspark-client==4.2.0']
const minutes = 60_000

/** The Python that has Spark and delta-rs, and the folder of the jars that Delta adds to Spark; `missing` says what cannot be had. */
export function fetchEngines(cache) {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (java.status !== 0) return { missing: 'there is no Java on this machine' }
  mkdirSync(cache, { recursive: true })
  try {
    return { python: python(path.join(cache, 'python'), packages), jars: jars(cache) }
  } catch (error) {
    return { missing: toldOf(error) }
  }
}

/** The Python that has Sail, which speaks Spark Connect without being Spark; `missing` says why it cannot be had. */
export function fetchSail(cache) {
  mkdirSync(cache, { recursive: true })
  try {
    return { python: python(path.join(cache, 'sail'), sailPackages) }
  } catch (error) {
    return { missing: toldOf(error) }
  }
}

function toldOf(error) {
  const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().split('\n').at(-1)
  return `${error.message.split('\n')[0]}${said ? `: ${said}` : ''}`
}

/** The folders of classes that Spark with Delta runs from, its Connect server among them; `missing` says why they cannot be had. */
export function fetchSpark(cache) {
  const { python: program, jars: deltaJars, missing } = fetchEngines(cache)
  if (missing !== undefined) return { missing }
  const libraries = path.join(path.dirname(program), '../lib')
  const found = readdirSync(libraries).map((name) => path.join(libraries, name, 'site-packages/pyspark/jars'))
  return { jars: [...found.filter((folder) => existsSync(folder)), deltaJars] }
}

/** True when a folder was made of the same things before. It is made at another place and renamed: half a download is never taken for a whole one. */
function isReady(folder, made) {
  const note = path.join(folder, 'made-of')
  return existsSync(note) && readFileSync(note, 'utf8') === made
}

function python(folder, wanted) {
  const program = path.join(folder, 'bin/python')
  if (isReady(folder, wanted.join('\n'))) return program
  rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe', timeout: minutes })
  execFileSync(program, ['-m', 'pip', 'install', '--quiet', ...wanted], { stdio: 'pipe', timeout: 10 * minutes })
  writeFileSync(path.join(folder, 'made-of'), wanted.join('\n'))
  return program
}

function jars(cache) {
  const pom = readFileSync(fileURLToPath(new URL('pom.xml', import.meta.url)), 'utf8')
  const folder = path.join(cache, 'jars')
  if (isReady(folder, pom)) return folder
  const work = path.join(cache, 'jars-new')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  writeFileSync(path.join(work, 'pom.xml'), pom)
  const args = ['--batch-mode', '--quiet', '--file', path.join(work, 'pom.xml'), 'dependency:copy-dependencies']
  // what else they need, Spark has itself
  const chosen = ['-DincludeScope=runtime', '-DincludeGroupIds=io.delta,io.unitycatalog', `-DoutputDirectory=${work}`]
  execFileSync('mvn', [...args, ...chosen], { stdio: 'pipe', timeout: 10 * minutes })
  rmSync(path.join(work, 'pom.xml'))
  writeFileSync(path.join(work, 'made-of'), pom)
  rmSync(folder, { recursive: true, force: true })
  renameSync(work, folder)
  return folder
}

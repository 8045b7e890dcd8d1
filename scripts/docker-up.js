// brings the pipeline up in containers and ends with the exit code of the service that failed: `npm run docker:up [-- OPTIONS]`
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inProject = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
// compose looks for .env beside its own file
const variables = existsSync(inProject('.env')) ? ['--env-file', inProject('.env')] : []
const { profiles, options } = sortArguments(process.argv.slice(2))
const named = profiles.flatMap((profile) => ['--profile', profile])
const compose = ['compose', ...variables, ...named, '-f', inProject('deploy/compose.yaml')]
// who asks for Spark wants it to compute
if ([...profiles, ...(process.env.COMPOSE_PROFILES ?? '').split(',')].includes('spark'))
  process.env.MOVIELAKE_ENGINE ??= 'spark'
const before = endings()
const up = spawn('docker', [...compose, 'up', '--build', ...options], { stdio: 'inherit' })
// Ctrl-C reaches compose as well, which then stops the services
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => up.kill('SIGTERM'))
const [code] = await once(up, 'exit').catch((error) => {
  console.error(`docker cannot be started: ${error.message}`)
  return [127]
})
process.exitCode = code === 1 ? (failedService() ?? 1) : (code ?? 143)

/** The profiles apart from the other arguments: they are an option of compose itself, which `up` does not know. */
function sortArguments(args) {
  const [profiles, options] = [[], []]
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--profile') profiles.push(args[(at += 1)] ?? '')
    else if (args[at].startsWith('--profile=')) profiles.push(args[at].slice('--profile='.length))
    else options.push(args[at])
  }
  return { profiles, options }
}

/** The exit code of the service that failed first; compose itself says 1, whatever it was. Containers that were not reached have an old one. */
function failedService() {
  const [failed] = endings()
    .filter((ending) => !before.includes(ending))
    .map((ending) => JSON.parse(ending))
    .filter(({ ExitCode }) => ExitCode > 0)
    .toSorted((a, b) => Date.parse(a.FinishedAt) - Date.parse(b.FinishedAt))
  return failed?.ExitCode
}

/** How each container ended last, and when. */
function endings() {
  const ids = linesOf([...compose, 'ps', '--all', '--quiet'])
  const format = '{"Id":{{json .Id}},"ExitCode":{{.State.ExitCode}},"FinishedAt":{{json .State.FinishedAt}}}'
  return ids.length === 0 ? [] : linesOf(['inspect', '--format', format, ...ids])
}

function linesOf(args) {
  const { stdout } = spawnSync('docker', args, { encoding: 'utf8' })
  return stdout?.split('\n').filter((line) => line !== '') ?? []
}

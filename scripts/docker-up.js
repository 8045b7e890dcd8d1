// brings the pipeline up in containers and ends with the exit code of the service that failed: `npm run docker:up [-- OPTIONS]`
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inProject = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
// compose looks for .env beside its own file
const variables = existsSync(inProject('.env')) ? ['--env-file', inProject('.env')] : []
const compose = ['compose', ...variables, '-f', inProject('deploy/compose.yaml')]
const before = endings()
const up = spawn('docker', [...compose, 'up', '--build', ...process.argv.slice(2)], { stdio: 'inherit' })
// Ctrl-C reaches compose as well, which then stops the services
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => up.kill('SIGTERM'))
const [code] = await once(up, 'exit').catch((error) => {
  console.error(`docker cannot be started: ${error.message}`)
  return [127]
})
process.exitCode = code === 1 ? (failedService() ?? 1) : (code ?? 143)

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

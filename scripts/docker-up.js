// brings the pipeline up in containers and ends with the exit code of the service that failed: `npm run docker:up [-- OPTIONS]`
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inProject = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
// compose looks for .env beside its own file
const variables = existsSync(inProject('.env')) ? ['--env-file', inProject('.env')] : []
const compose = ['compose', ...variables, '-f', inProject('deploy/compose.yaml')]
const up = spawn('docker', [...compose, 'up', '--build', ...process.argv.slice(2)], { stdio: 'inherit' })
// Ctrl-C reaches compose as well, which then stops the services
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => up.kill('SIGTERM'))
const [code] = await once(up, 'exit').catch((error) => {
  console.error(`docker cannot be started: ${error.message}`)
  return [127]
})
process.exitCode = code === 1 ? (failedService() ?? 1) : (code ?? 143)

/** The exit code of the service that failed; compose itself says 1, whatever it was. */
function failedService() {
  const { stdout } = spawnSync('docker', [...compose, 'ps', '--all', '--format', '{{.ExitCode}}'], { encoding: 'utf8' })
  return stdout
    ?.split('\n')
    .map(Number)
    .find((exitCode) => exitCode > 0)
}

// brings the pipeline up in containers and ends with the exit code of the service that failed: `npm run docker:up [-- OPTIONS]`
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../deploy/compose.yaml', import.meta.url))
const compose = ['compose', '-f', file]
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

import { docker, images, output, project } from './docker.ts'

/** Builds the image and the one with the tests, before the first test. */
export async function setup(): Promise<void> {
  const startedMs = Date.now()
  const args = ['compose', '-f', `${project}/deploy/compose.yaml`, '--profile', 'tests', 'build', 'tmdb', 'tests']
  await output('docker', args, { timeoutMs: 420_000 })
  console.log(`built ${Object.values(images).join(' and ')} in ${Math.round((Date.now() - startedMs) / 1000)} s`)
}

/** The images are gone; what they were built from is kept for the next time. */
export async function teardown(): Promise<void> {
  await docker(['image', 'rm', '--force', ...Object.values(images)])
  await docker(['image', 'prune', '--force'])
}

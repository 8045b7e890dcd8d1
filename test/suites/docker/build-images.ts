import { docker, images, output, project } from './docker.ts'

/** Builds the image and the one with the tests, before the first test. */
export async function setup(): Promise<void> {
  const startedMs = Date.now()
  const args = ['compose', '-f', `${project}/deploy/compose.yaml`, '--profile', 'tests', 'build', 'tmdb', 'tests']
  await output('docker', args, { timeoutMs: 420_000 })
  console.log(`built ${images.movielake} and ${images.tests} in ${Math.round((Date.now() - startedMs) / 1000)} s`)
}

/** The images are gone; the build cache is kept for the next time. */
export const teardown = (): Promise<string> => docker(['image', 'rm', '--force', ...Object.values(images)])

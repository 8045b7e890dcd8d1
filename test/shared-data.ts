import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

const folder = resolve(process.env.MOVIELAKE_SHARED ?? fileURLToPath(new URL('../../shared/data', import.meta.url)))

/**
 * Where the shared file or folder `path` lies, undefined when it is not here: the recorded TMDB answers are too big for the project.
 * Looked for in MOVIELAKE_SHARED, else in ../shared/data beside the project.
 */
export function sharedData(path: string): string | undefined {
  const place = join(folder, path)
  return existsSync(place) ? place : undefined
}

/** A `describe` whose tests read the shared file or folder `path`. Where that is missing, one skipped test says so and `body` never runs. */
export function describeWithData(path: string, title: string, body: (place: string) => void): void {
  const place = sharedData(path)
  describe(title, () => {
    if (place !== undefined) body(place)
    else
      it(`needs shared data ${path}`, ({ skip }) =>
        skip(`not at ${join(folder, path)}: set MOVIELAKE_SHARED to its folder`))
  })
}

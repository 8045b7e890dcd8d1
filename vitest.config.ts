import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { temporaryFolder } from './test/temporary-folder.js'

// begun first, or one worker would wait at the end while the other has one of these to itself
const longest = [
  'pipeline/ingest',
  'gold/expected-kpis',
  'dashboard/serving',
  'dashboard/safety',
  'pipeline/library-docs',
  'engines/duckdb/processes',
  'sources/tmdb/rate-limit',
  'pipeline/runs',
  'frame/compiler',
  'lake',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/suites/**'],
    // a machine may be busy with other things
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // the modules of src are loaded once a worker: that saves a third of the time
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    env: { TMPDIR: temporaryFolder() },
  },
})

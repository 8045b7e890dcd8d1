import { defineConfig } from 'vitest/config'
import { temporaryFolder } from '../../temporary-folder.js'

export default defineConfig({
  test: {
    include: ['test/suites/builds/*.test.ts'],
    env: { TMPDIR: temporaryFolder() },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
})

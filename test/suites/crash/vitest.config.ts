import { defineConfig } from 'vitest/config'
import { temporaryFolder } from '../../temporary-folder.js'

export default defineConfig({
  test: {
    include: ['test/suites/crash/*.test.ts'],
    env: { TMPDIR: temporaryFolder() },
    testTimeout: 900_000,
    hookTimeout: 300_000,
    // each keeps several processes busy
    maxWorkers: 2,
  },
})

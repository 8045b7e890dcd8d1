import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/suites/crash/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // each keeps several processes busy
    maxWorkers: 2,
  },
})

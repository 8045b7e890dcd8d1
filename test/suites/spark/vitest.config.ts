import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/suites/spark/*.test.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    // one server for all files, which has as many cores as this machine
    fileParallelism: false,
  },
})

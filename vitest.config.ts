import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/suites/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // the modules of src are loaded once a worker: that saves a third of the time
    isolate: false,
    maxWorkers: 2,
  },
})

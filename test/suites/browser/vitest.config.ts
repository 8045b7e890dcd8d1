import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/suites/browser/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // one server, and one test of them publishes anew
    fileParallelism: false,
  },
})

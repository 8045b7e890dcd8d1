import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/suites/docker/*.test.ts'],
    globalSetup: 'test/suites/docker/build-images.ts',
    testTimeout: 400_000,
    hookTimeout: 200_000,
    // files run side by side: most of the time a container waits
    maxWorkers: 2,
  },
})

import { defineConfig } from 'vitest/config'

const unit = ['config', 'functions', 'gateway', 'lib', 'local', 'sources'].map(
  (folder) => `${folder}/**/*.test.ts`,
)

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: [...unit, 'test/*.test.ts'] } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'] } },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: 'test/cluster/global-setup.ts',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})

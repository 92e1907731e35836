import { defineConfig } from 'vitest/config'

const unit = ['config', 'functions', 'gateway', 'lib', 'local', 'sources'].map(
  (folder) => `${folder}/**/*.test.ts`,
)

const integration = ['test/integration/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [...unit, 'test/*.test.ts'],
          // Modules hold no state: loaded once for all files, they halve the time.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      { test: { name: 'integration', include: integration, testTimeout: 30_000 } },
      // The same suite on the API server of KUBECONFIG, but for what needs one of its own.
      {
        test: {
          name: 'cluster-api',
          include: integration,
          exclude: ['test/integration/{local-mode,cr-source}.test.ts'],
          globalSetup: 'test/integration/quiet-cluster.ts',
          env: { PENSTOCK_TEST_CLUSTER: 'true' },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
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

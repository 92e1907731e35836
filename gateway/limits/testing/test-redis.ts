import { env } from 'node:process'

/** Address of a server that tests may write to; where there is none, they are skipped. */
// biome-ignore lint/style/noProcessEnv: no production code reads this
export const TEST_REDIS = env.PENSTOCK_TEST_REDIS

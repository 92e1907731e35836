/** Where Penstock runs. */
export const NAMESPACE = 'penstock-system'
/** Where the tests' routes and backends live. */
export const TEST_NAMESPACE = 'penstock-test'

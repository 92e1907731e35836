// usage: node totals.mjs NAME:STATE[:RESULTS] ...
// Prints the total of all tests as the last line of a run. RESULTS is a file of vitest's JSON
// reporter. A tier that failed, or did not run, without a failed test to show for it counts as one.
import { existsSync, readFileSync } from 'node:fs'

const total = { passed: 0, failed: 0, skipped: 0 }

const addResults = (file) => {
  if (!existsSync(file)) return 0
  const results = JSON.parse(readFileSync(file, 'utf8'))
  // A file that does not load has no tests, and still is a failure.
  const broken = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = results.numFailedTests + broken
  total.passed += results.numPassedTests
  total.failed += failed
  total.skipped += results.numPendingTests + results.numTodoTests
  return failed
}

for (const tier of process.argv.slice(2)) {
  const [name, state, file] = tier.split(':')
  const failed = file ? addResults(file) : 0
  process.stdout.write(`${name}: ${state}\n`)
  if (state !== 'ok' && failed === 0) total.failed += 1
}
const skipped = total.skipped ? `, ${total.skipped} skipped` : ''
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`)
process.exitCode = total.failed ? 1 : 0

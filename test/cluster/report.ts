/** Shows a measurement in the test output, whether the test passes or not. */
export const report = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

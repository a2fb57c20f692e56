import { existsSync, readFileSync } from 'node:fs'

const none = { passed: 0, failed: 0, skipped: 0 }

/** Counts of a vitest JSON report. A file that could not even be loaded has no tests in it: it counts as one failure. */
function vitestTally(report) {
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Counts of a Playwright JSON report. A test that passed only when tried again is a failure: flaky is not passed. */
function playwrightTally(report) {
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}

/** One suite's counts; a report that is missing or empty is a failure, for a suite that ran nothing has not passed. */
export function readTally(suite) {
  if (!existsSync(suite.report)) return { ...none, failed: 1, note: 'left no report' }
  const report = JSON.parse(readFileSync(suite.report, 'utf8'))
  const tally = suite.kind === 'playwright' ? playwrightTally(report) : vitestTally(report)
  if (tally.passed + tally.failed === 0) return { ...none, failed: 1, note: 'ran no test' }
  return tally
}

export function sum(tallies) {
  const add = (total, tally) => ({
    passed: total.passed + tally.passed,
    failed: total.failed + tally.failed,
    skipped: total.skipped + tally.skipped,
  })
  return tallies.reduce(add, none)
}

/** The last line of `npm test`, which CI reads. */
export function closingLine({ passed, failed, skipped }) {
  return skipped > 0 ? `${passed} passed, ${failed} failed, ${skipped} skipped` : `${passed} passed, ${failed} failed`
}

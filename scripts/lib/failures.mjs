import { existsSync, readFileSync } from 'node:fs'

/** As much of an error as helps whoever sees nothing but the end of a log. */
const MESSAGE_LENGTH = 1500

function vitestFailures(report) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed')
    if (file.status === 'failed' && file.assertionResults.length === 0)
      return [{ test: file.name, message: file.message }]
    return failed.map(({ fullName, failureMessages }) => ({ test: fullName, message: failureMessages.join('\n') }))
  })
}

function playwrightFailures(report) {
  const errors = report.errors.map(({ message }) => ({ test: 'outside of any test', message }))
  return [...errors, ...report.suites.flatMap(suiteFailures)]
}

function suiteFailures({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ projectName, results }) => ({
        test: `${title} (${projectName})`,
        message: results.flatMap(({ errors }) => errors.map(({ message }) => message)).join('\n'),
      })),
  )
  return [...own, ...suites.flatMap(suiteFailures)]
}

/** Each failed test of a suite with what it said, as text: repeated at the end, since a log of 40 minutes is read from there. */
export function failuresOf(suite) {
  if (!existsSync(suite.report)) return []
  const report = JSON.parse(readFileSync(suite.report, 'utf8'))
  const failures = suite.kind === 'playwright' ? playwrightFailures(report) : vitestFailures(report)
  return failures.map(({ test, message }) => `${suite.name}: ${test}\n${indented(message ?? '')}`)
}

function indented(message) {
  return message
    .slice(0, MESSAGE_LENGTH)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}

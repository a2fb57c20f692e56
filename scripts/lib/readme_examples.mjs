import { readFileSync } from 'node:fs'

const EXAMPLE = /```js\n(\/\/ example: run as a test\n[\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/g

/** The programs of a README that say so in their first line, each with the output that stands below it. */
export function readmeExamples(file) {
  return [...readFileSync(file, 'utf8').matchAll(EXAMPLE)].map(([, program, output]) => ({ program, output }))
}

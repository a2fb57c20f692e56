// A README's example is a promise: the block that begins with `// example: run as a test` is run, from the package's own folder as a
// user's program would be, and must print exactly the text block that follows it.
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readmeExamples } from '../lib/readme_examples.mjs'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

test.each(['packages/native', 'packages/core', 'packages/protocol', 'packages/server'])(
  '%s/README.md',
  async (directory) => {
    const examples = readmeExamples(path.join(root, directory, 'README.md'))
    expect(examples.length).toBeGreaterThan(0)
    for (const [index, { program, output: expected }] of examples.entries()) {
      const file = path.join(root, directory, `.example-${index}.mjs`)
      try {
        writeFileSync(file, program)
        const { code, output } = await capture(process.execPath, [file], { timeout: 60_000 })
        expect(output).toBe(expected)
        expect(code).toBe(0)
      } finally {
        rmSync(file, { force: true })
      }
    }
  },
)

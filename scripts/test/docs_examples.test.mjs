// A README's example is a promise: the block that begins with `// example: run as a test` is run, from the package's own folder as a
// user's program would be, and must print exactly the text block that follows it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

const EXAMPLE = /```js\n(\/\/ example: run as a test\n[\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/g

test.each(['packages/native', 'packages/core', 'packages/protocol', 'packages/server'])(
  '%s/README.md',
  async (directory) => {
    const readme = readFileSync(path.join(root, directory, 'README.md'), 'utf8')
    const examples = [...readme.matchAll(EXAMPLE)]
    expect(examples.length).toBeGreaterThan(0)
    for (const [index, [, program, expected]] of examples.entries()) {
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

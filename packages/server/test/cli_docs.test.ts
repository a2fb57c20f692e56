import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { temporaryFolder } from './support/temporary.ts'

const PAGE = fileURLToPath(new URL('../../../docs/command-line.md', import.meta.url))
const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const folder = temporaryFolder()
const programs = join(folder, 'bin')

interface Example {
  readonly command: string
  readonly output: string
}

/** Every line behind a `$` in the page's console blocks, with the lines that stand below it. */
function examplesOf(page: string): Example[] {
  const blocks = [...page.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((part) => part !== '')
      .map((part) => {
        const end = part.indexOf('\n')
        return { command: part.slice(0, end), output: part.slice(end + 1) }
      }),
  )
}

beforeAll(() => {
  mkdirSync(programs)
  writeFileSync(join(programs, 'mapscope'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`)
  chmodSync(join(programs, 'mapscope'), 0o755)
})

async function serveSample(): Promise<Child> {
  process.env['XDG_RUNTIME_DIR'] = folder
  const server = Child.run(['serve', join(folder, 'sample'), '--port', '0'])
  await server.link()
  return server
}

// One test, for later examples use the files of earlier ones.
test('docs/command-line.md: every example prints what stands below it', async () => {
  const examples = examplesOf(readFileSync(PAGE, 'utf8'))
  expect(examples.filter(({ command }) => command.startsWith('mapscope')).length).toBeGreaterThan(15)
  const env = { ...process.env, PATH: `${programs}:${process.env['PATH']}`, XDG_RUNTIME_DIR: folder }
  let server: Child | undefined
  for (const { command, output } of examples) {
    // The page says that one serves the sample by then, which the examples before have made.
    if (/^mapscope (?:ls|open|info)/.test(command)) server ??= await serveSample()
    const printed = execFileSync('sh', ['-c', `{ ${command}; } 2>&1; true`], { cwd: folder, env, encoding: 'utf8' })
    expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${output}`)
  }
  expect(server?.isAlive).toBe(true)
}, 240_000)

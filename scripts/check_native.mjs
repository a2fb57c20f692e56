// C++ format, the boundaries inside packages/native, and how old a system the built addon loads on.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { formatNative, nativeSources } from './lib/native_format.mjs'
import { nativeViolations } from './lib/native_rules.mjs'
import { root } from './lib/root.mjs'
import { aboveFloor } from './lib/runtime_floor.mjs'

const packageDirectory = path.join(root, 'packages/native')
const sources = nativeSources()
let problems = 0
for (const file of sources) {
  const relative = path.relative(packageDirectory, file)
  for (const { rule, line } of nativeViolations(relative, readFileSync(file, 'utf8'))) {
    process.stdout.write(`packages/native/${relative}:${line}: ${rule.name}: ${rule.reason}\n`)
    problems += 1
  }
}
if (sources.length < 10) {
  process.stdout.write(`only ${sources.length} C++ files were found: this check is not looking where the sources are\n`)
  problems += 1
}
if (process.platform === 'linux') {
  for (const { symbol, version } of await aboveFloor(path.join(packageDirectory, 'build/Release/mapscope.node'))) {
    process.stdout.write(
      `the addon needs ${symbol} of ${version}: it would not load where Node does (lib/runtime_floor.mjs)\n`,
    )
    problems += 1
  }
}
const unformatted = await formatNative({ isWriting: false })
if (unformatted !== '') process.stdout.write(`${unformatted}\nrun \`pnpm format\`\n`)
process.exit(problems === 0 && unformatted === '' ? 0 : 1)

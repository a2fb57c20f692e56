// The priorities of this process's threads, behind a search by an expression: of the one that this runs in, and which others there are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { openFile, searchRegexp } from '@mapscope/core'

const [path] = process.argv.slice(2)
writeFileSync(path, 'some words, and 1 number')
const before = getPriority()
const source = openFile(path)
let hits = 0
for await (const batch of searchRegexp(source, { pattern: '(?<=\\W)\\d' })) hits += batch.length
await source.close()

/** The 19th field; the second, the name, may hold blanks. */
function niceOf(thread) {
  const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
}

const nices = readdirSync('/proc/self/task').map(niceOf)
process.stdout.write(
  JSON.stringify({ hits, before, after: getPriority(), others: [...new Set(nices)].sort((a, b) => a - b) }),
)

// Random calls of the addon under the sanitizers, for as long as you like: `node scripts/storm.mjs --seed 1 --steps 3000 --storms 10`.
// Each storm has the seed after the last; it ends with the first that finds something.
import { parseArgs } from 'node:util'
import { fail, say } from './lib/say.mjs'
import { storm } from './lib/storm.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    steps: { type: 'string', default: '3000' },
    storms: { type: 'string', default: '1' },
    // Operations to leave out, with commas between: for finding out which of them it takes.
    without: { type: 'string', default: '' },
    node: { type: 'string', default: process.execPath },
  },
})
const first = Number(values.seed)
for (let seed = first; seed < first + Number(values.storms); seed++) {
  const { output, errors, reports } = await storm({ ...values, seed })
  if (reports.length > 0 || output === '') fail(`seed ${seed} found something:\n${reports.join('\n') || errors}`)
  say(`seed ${seed}: nothing found. ${output.trim()}`)
}

// `npm run bench [-- TRIAL…]`: runs the trials named, or all of them, and writes each result, dated, into bench/record/.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { build, ensureInstalled } from '../scripts/lib/pnpm.mjs'
import { root } from '../scripts/lib/root.mjs'
import { machine } from './lib/machine.mjs'
import { TRIALS } from './trials.mjs'

await ensureInstalled()
await build()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => TRIALS.every((trial) => trial.name !== name))
if (unknown.length > 0) {
  process.stderr.write(
    `no trial named ${unknown.join(', ')}; there are: ${TRIALS.map((trial) => trial.name).join(', ')}\n`,
  )
  process.exit(2)
}
for (const trial of TRIALS.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  process.stdout.write(`\n${trial.name}: ${trial.question}\n`)
  const result = await trial.run()
  const date = new Date().toISOString().slice(0, 10)
  const record = { trial: trial.name, question: trial.question, date, machine: machine(), ...result }
  writeFileSync(path.join(root, `bench/record/${date}-${trial.name}.json`), `${JSON.stringify(record, null, 2)}\n`)
  for (const line of result.summary) process.stdout.write(`  ${line}\n`)
}

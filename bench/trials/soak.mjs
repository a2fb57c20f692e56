import { spawn } from 'node:child_process'
import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'
import { judge } from '../lib/goals.mjs'

/** `MAPSCOPE_SOAK_SECONDS=45 npm run bench -- soak` for less. */
const SECONDS = Number(process.env.MAPSCOPE_SOAK_SECONDS ?? 600)

const GOALS = [
  {
    text: 'wrong bytes, wrong answers, revisions that are not newer: none',
    of: (one) => one.failureCount,
    lessThan: 1,
  },
  {
    text: 'anonymous memory of the last third over the middle one: less than 16 MiB',
    of: (one) => one.anonymousGrowthMiB,
    lessThan: 16,
  },
  { text: 'descriptors held for good: none', of: (one) => one.after.descriptors - one.before.descriptors, lessThan: 1 },
  { text: 'mappings of files held for good: none', of: (one) => one.after.fileMaps - one.before.fileMaps, lessThan: 1 },
  { text: 'alive at the end', of: (one) => Number(one.isAlive), atLeast: 1 },
]

/** Fifty viewers of files that are edited, cut and grown by another process; every byte that came is compared with what was there. */
export async function soakTrial() {
  const report = await run(path.join(root, 'bench/subjects/soak.mjs'), [SECONDS, 20261123])
  const goals = GOALS.map((goal) => judge(goal, report))
  const { requests, checkedBytes, cancelled, sockets, edits, cuts } = report
  return {
    unit: 'bytes that were not right; MiB; descriptors; mappings',
    results: report,
    goals,
    summary: [
      `${SECONDS} s: ${requests} requests, ${checkedBytes} bytes checked, ${cancelled} cancelled, ${sockets} sockets, ${edits} edits, ${cuts} cuts`,
      ...goals.map(({ told }) => told),
    ],
  }
}

function run(script, args) {
  const child = spawn(process.execPath, [script, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  return new Promise((resolve, reject) => {
    child.once('close', (status) =>
      output === '' ? reject(new Error(`the soak ended with ${status}`)) : resolve(JSON.parse(output)),
    )
  })
}

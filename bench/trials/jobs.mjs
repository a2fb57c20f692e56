import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/lib/root.mjs'
import { GiB, inFolder, writeRandom } from '../lib/files.mjs'
import { judge } from '../lib/goals.mjs'
import { quantile, spread } from '../lib/statistics.mjs'

const execute = promisify(execFile)
const ROUNDS = Number(process.env.MAPSCOPE_BENCH_ROUNDS) || 5
const CANCELS = 30
const BYTE_LENGTH = GiB

const LITERAL = { kind: 'search', query: { kind: 'text', text: 'a needle that is not there' } }
/** 1 byte of 256: four million hits, of 16 bytes each on the disk. */
const DENSE = { kind: 'search', query: { kind: 'hex', text: '41' } }
const EXPRESSION = { kind: 'search', query: { kind: 'regexp', text: '(?<=\\x00)[A-Za-z]{4}\\d' } }
const CATASTROPHIC = { kind: 'search', query: { kind: 'regexp', text: '([\\x00-\\xff]+[\\x00-\\xff]+)+not there' } }

const SEARCHES = {
  'a literal that is not there': LITERAL,
  'four million hits': DENSE,
  'an expression': EXPRESSION,
}
const CANCELLED = {
  'a search of a literal': { ...LITERAL, isOverlapping: true },
  'four million hits': DENSE,
  'a digest': { kind: 'hash', algorithms: ['sha256'] },
  'an expression that never ends': CATASTROPHIC,
}

/** What a job costs beside the same search by core alone, what its server notices, and how soon one ends that is not wanted any more. */
export function jobsTrial() {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'random.bin')
    writeRandom(file, BYTE_LENGTH)
    const searches = Object.fromEntries(
      Object.entries(SEARCHES).map(([name, request]) => [name, { request, job: [], direct: [] }]),
    )
    const besides = []
    const cancels = Object.fromEntries(Object.keys(CANCELLED).map((name) => [name, []]))
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, request] of Object.entries(SEARCHES)) {
        const direct = await run('direct', file, { request })
        const job = await run('job', file, { request })
        if (job.rowCount !== direct.rowCount) throw new Error(`${name}: ${job.rowCount} rows, not ${direct.rowCount}`)
        searches[name].direct.push(direct.ms)
        searches[name].job.push(job.ms)
      }
      besides.push(await run('beside', file, { requests: [DENSE, EXPRESSION] }))
    }
    for (const [name, request] of Object.entries(CANCELLED))
      cancels[name].push(...(await run('cancel', file, { request, times: CANCELS })).samples)
    const goals = [
      ...Object.entries(searches)
        .filter(([, { request }]) => request !== DENSE)
        .map(([name, samples]) =>
          judge({ text: `a job at 0.8 of core's speed: ${name}`, atLeast: 0.8, of: ratioOf }, samples),
        ),
      judge(
        { text: 'event-loop delay under 10 ms (p99) beside two jobs', lessThan: 10, of: medianOf('delayP99Ms') },
        besides,
      ),
      ...Object.entries(cancels).map(([name, samples]) =>
        judge({ text: `cancel of ${name}: less than 50 ms (p95)`, lessThan: 50, of: p95 }, samples),
      ),
    ]
    return {
      unit: 'ms: 1 GiB of random bytes in the page cache, searched; event-loop delay; from DELETE to the place being free',
      results: {
        searches: Object.fromEntries(
          Object.entries(searches).map(([name, { job, direct }]) => [
            name,
            { job: spread(job), direct: spread(direct), jobIsTimesAsFast: ratioOf({ job, direct }) },
          ]),
        ),
        'beside two jobs': {
          delayP99Ms: spread(besides.map(({ delayP99Ms }) => delayP99Ms)),
          delayMaxMs: spread(besides.map(({ delayMaxMs }) => delayMaxMs)),
        },
        cancels: Object.fromEntries(Object.entries(cancels).map(([name, samples]) => [name, spread(samples)])),
      },
      goals,
      summary: [
        ...Object.entries(searches).map(
          ([name, { job, direct }]) =>
            `${name}: job ${Math.round(spread(job).median)} ms, core alone ${Math.round(spread(direct).median)} ms`,
        ),
        ...goals.map(({ told }) => told),
      ],
    }
  })
}

/** Of samples of the same round, then the median. */
function ratioOf({ job, direct }) {
  return quantile(
    job.map((ms, round) => direct[round] / ms),
    0.5,
  )
}

function medianOf(figure) {
  return (samples) =>
    quantile(
      samples.map((sample) => sample[figure]),
      0.5,
    )
}

function p95(samples) {
  return quantile(samples, 0.95)
}

async function run(operation, file, parameters) {
  const script = path.join(root, 'bench/subjects/jobs.mjs')
  const { stdout } = await execute(process.execPath, [script, operation, file, JSON.stringify(parameters)])
  return JSON.parse(stdout)
}

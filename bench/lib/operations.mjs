// The engine of the mapping's trials. A trial is rows: an operation, who does it, on what, with which answer.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { judge } from './goals.mjs'
import { absentees, RIVALS } from './rivals.mjs'
import { quantile, spread } from './statistics.mjs'

const execute = promisify(execFile)
const askedRounds = Number(process.env.MAPSCOPE_BENCH_ROUNDS)

/**
 * Measures each row: all its rivals, alternating, `rounds` times (MAPSCOPE_BENCH_ROUNDS overrides it, for trying a subject out), each
 * sample in a process of its own. `rivals`: a table of them by name; the one called `mapscope` is ours.
 *
 * A row: `name`; `operation`, a name in the subjects' tables; `file`; `parameters`, or a function of the rival's name; `rivals`; `unit`,
 * a key of UNITS; `calls` or `byteLength`, or a function of the rival's name, that a pass does; `answer`, or a function of the rival's name and
 * what it answered; `before` and `verify`, run around each sample; `goals`.
 */
export async function measureRows(rows, { rounds: usualRounds, rivals = RIVALS }) {
  const rounds = askedRounds > 0 ? askedRounds : usualRounds
  const away = await absentees([...new Set(rows.flatMap((row) => row.rivals))], rivals)
  const results = {}
  const goals = []
  for (const row of rows) {
    const samples = await measureRow(row, { rounds, rivals, away: { ...away } })
    results[row.name] = described(row, samples)
    for (const goal of row.goals ?? []) goals.push(judge(goal, samples.taken))
  }
  return { unit: 'as each row says, measured inside the process', results, goals, summary: summary(results, goals) }
}

/** How a sample is told: a figure of the pass's seconds, and how many digits of it mean something. */
const UNITS = {
  'ns per call': (seconds, { calls }) => (seconds / calls) * 1e9,
  'us per call': (seconds, { calls }) => (seconds / calls) * 1e6,
  ms: (seconds) => seconds * 1000,
}

async function measureRow(row, { rounds, rivals, away }) {
  const taken = Object.fromEntries(row.rivals.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const name of row.rivals.filter((candidate) => away[candidate] === undefined)) {
      const sample = await take(row, { name, ...rivals[name] })
      if (sample.unavailable === undefined) taken[name].push(sample)
      else away[name] = sample.unavailable
    }
  }
  return { taken, away }
}

/** One process, one sample. A wrong answer ends the run: a fast wrong result is no result. */
async function take(row, { name, program, args, parameters }) {
  const wanted = { ...valueFor(row.parameters, name), ...parameters }
  await row.before?.()
  const { stdout } = await execute(program, [...args, row.operation, row.file, JSON.stringify(wanted)])
  const sample = JSON.parse(stdout)
  if (sample.unavailable !== undefined) return sample
  const expected = typeof row.answer === 'function' ? row.answer(name, sample.answer) : row.answer
  if (expected !== undefined && sample.answer !== expected)
    throw new Error(`${row.name}: ${name} answered ${sample.answer} instead of ${expected}`)
  await row.verify?.(name)
  const inUnit = (seconds) => UNITS[row.unit](seconds, { calls: valueFor(row.calls, name) })
  return {
    ...sample,
    value: inUnit(sample.seconds),
    // Without the loop around the calls, which is where languages differ most and mappings not at all.
    net: inUnit(Math.max(0, sample.seconds - sample.loopSeconds)),
    first: inUnit(sample.firstSeconds),
  }
}

/** For what only the rivals can work out: whoever answers first is who all others have to agree with. `apart` names those who do something else. */
export function agreed(apart = []) {
  let first
  return (rival, answer) => {
    if (apart.includes(rival)) return undefined
    first ??= answer
    return first
  }
}

function valueFor(value, name) {
  return typeof value === 'function' ? value(name) : value
}

const FIGURES = ['value', 'net', 'first', 'delayMaxMs', 'delayP99Ms']

function described(row, { taken, away }) {
  const rivals = {}
  for (const name of row.rivals) {
    if (away[name] !== undefined) rivals[name] = { unavailable: away[name] }
    else {
      const figures = FIGURES.filter((figure) => taken[name].every((sample) => sample[figure] !== undefined))
      rivals[name] = Object.fromEntries(
        figures.map((figure) => [figure, spread(taken[name].map((sample) => sample[figure]))]),
      )
      const speed = timesAsFast(taken, name)
      if (speed !== undefined) rivals[name].mapscopeIsTimesAsFast = speed
    }
  }
  return { unit: row.unit, ...(row.byteLength === undefined ? {} : { byteLength: row.byteLength }), rivals }
}

/** Of the same round: what a busy machine does to one sample, it does to its neighbour. */
function timesAsFast(taken, rival) {
  const ours = taken.mapscope
  if (rival === 'mapscope' || ours === undefined || ours.length === 0 || ours.length !== taken[rival].length)
    return undefined
  return spread(taken[rival].map((sample, round) => sample.value / ours[round].value))
}

function summary(results, goals) {
  const lines = []
  for (const [row, { unit, byteLength, rivals }] of Object.entries(results)) {
    lines.push(`${row} (${unit}):`)
    for (const [name, figures] of Object.entries(rivals))
      lines.push(`  ${name}: ${told(figures, { unit, byteLength })}`)
  }
  return [...lines, ...goals.map(({ told: text }) => text)]
}

function told(figures, { byteLength }) {
  if (figures.unavailable !== undefined) return `not measured: ${figures.unavailable}`
  const { value, net, delayMaxMs, delayP99Ms, mapscopeIsTimesAsFast: speed } = figures
  return [
    `${value.median}`,
    ...(net.median === value.median ? [] : [`net of the loop ${net.median}`]),
    ...(byteLength === undefined ? [] : [`${Number((byteLength / 1e6 / value.median).toPrecision(2))} GB/s`]),
    ...(delayMaxMs === undefined
      ? []
      : [`event-loop delay at most ${delayMaxMs.median} ms, p99 ${delayP99Ms.median} ms`]),
    ...(speed === undefined ? [] : [`mapscope is ${speed.median} times as fast (${speed.p25} to ${speed.p75})`]),
  ].join(', ')
}

/** The median over the rounds of a rival's figure by ours: above 1 we are cheaper. Undefined when one of the two was not measured. */
export function advantage(rival, figure = 'value') {
  return (taken) => {
    const [theirs, ours] = [taken[rival], taken.mapscope]
    if (theirs.length === 0 || theirs.length !== ours.length) return undefined
    return quantile(
      theirs.map((sample, round) => sample[figure] / ours[round][figure]),
      0.5,
    )
  }
}

/** The median of one of our own figures. */
export function ours(figure) {
  return ({ mapscope }) =>
    mapscope.length === 0
      ? undefined
      : quantile(
          mapscope.map((sample) => sample[figure]),
          0.5,
        )
}

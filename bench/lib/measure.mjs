// What every JavaScript subject does with its table of operations: `node subject.mjs OPERATION FILE PARAMETERS` prints one line of JSON.
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs the operation that was asked for. An operation is a function of its parameters that returns `pass`, which does all the calls once
 * and returns the answer; `loop`, the same without the calls, where a call is so short that the loop around it counts; and `end`.
 *
 * The first pass meets cold code and pages that were never touched: it is told apart. Of the others the best counts: what makes one longer
 * is this machine's other work. (A pass is long enough to hold its own collections of garbage.)
 */
export async function measure(operations) {
  const [, , name, file, text] = process.argv
  const parameters = { passes: 4, ...JSON.parse(text), file }
  if (operations[name] === undefined) throw new Error(`this subject has no operation ${name}`)
  const operation = await operations[name](parameters)
  if (operation.unavailable === undefined) print(await timed(operation, parameters))
  else print({ unavailable: operation.unavailable })
  await operation.end?.()
}

async function timed({ pass, loop, more }, { passes }) {
  const first = await once(pass)
  const others = []
  for (let done = 1; done < passes; done += 1) {
    const { seconds, answer } = await once(pass)
    if (answer !== first.answer) throw new Error(`a pass answered ${answer}, the first one ${first.answer}`)
    others.push(seconds)
  }
  const loops = []
  for (let done = 1; loop !== undefined && done < passes; done += 1) loops.push((await once(loop)).seconds)
  return {
    firstSeconds: first.seconds,
    seconds: others.length === 0 ? first.seconds : Math.min(...others),
    loopSeconds: loops.length === 0 ? 0 : Math.min(...loops),
    answer: first.answer,
    ...more?.(),
  }
}

async function once(work) {
  const started = performance.now()
  const result = work()
  // A synchronous pass is not made to wait for a turn of the event loop.
  const answer = result instanceof Promise ? await result : result
  return { seconds: (performance.now() - started) / 1000, answer }
}

/** Places in the file, written by the trial: every language reads the same ones. */
export function readPositions({ positions, count }) {
  const bytes = readFileSync(positions)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count)
}

/** What the loop around the calls costs by itself. */
export function emptyLoop(positions) {
  return () => {
    let sum = 0
    for (let n = 0; n < positions.length; n += 1) sum += positions[n]
    return sum
  }
}

/** The same with what looking at a slice costs, which is not the mapping's doing. */
export function sliceLoop(positions, length) {
  const piece = new Uint8Array(length)
  return () => {
    let sum = 0
    for (let n = 0; n < positions.length; n += 1) sum += positions[n] + piece[0] + piece[length - 1]
    return sum
  }
}

/** A few bytes of a piece, so that a copy that did not happen is noticed and checking it costs nothing. */
export function sampled(bytes) {
  let sum = bytes.length + bytes[bytes.length - 1]
  for (let at = 0; at < bytes.length; at += 65_537) sum += bytes[at]
  return sum
}

/** An operation that reads all of a file while the event loop's delay is watched; the bytes are looked at after that. */
export function watched(read) {
  let figures
  const pass = async () => {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    // Before and after, the loop turns a few times: a delay that has not ended is not in the histogram yet.
    await sleep(20)
    const started = performance.now()
    const bytes = await read()
    const seconds = (performance.now() - started) / 1000
    await sleep(20)
    delay.disable()
    figures = { seconds, delayMaxMs: delay.max / 1e6, delayP99Ms: delay.percentile(99) / 1e6 }
    return sampled(bytes)
  }
  return { pass, more: () => figures }
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

import path from 'node:path'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { measureRows, ours } from '../lib/operations.mjs'
import { writeReal } from '../lib/search_inputs.mjs'
import { SEARCH_RIVALS } from '../lib/search_rivals.mjs'

const BYTE_LENGTH = 512 * MiB

/** What others in the process notice of a search, and how soon one ends that is not wanted any more. */
export function searchBesideTrial() {
  return inFolder((folder) => {
    const [random, real] = [path.join(folder, 'random.bin'), path.join(folder, 'real.bin')]
    writeRandom(random, BYTE_LENGTH)
    writeReal(real, BYTE_LENGTH)
    const literal = { kind: 'text', text: 'a needle that is not there' }
    const row = { unit: 'ms', rivals: ['mapscope'], file: random }
    const abortRow = (name, { query, lessThan, file = random }) => ({
      ...row,
      file,
      name: `from the abort of ${name} to the rejected promise`,
      operation: 'abort',
      parameters: { query, passes: 1, times: 40 },
      goals: [{ text: `abort of ${name}: less than ${lessThan} ms (p95)`, of: ours('value'), lessThan }],
    })
    return measureRows(
      [
        {
          ...row,
          name: 'two searches beside an event loop',
          operation: 'beside',
          parameters: { queries: [literal, { kind: 'hex', text: 'E8 ?? ?? ?? ?? 48 8B' }], passes: 1 },
          goals: [
            {
              text: 'event-loop delay under 10 ms (p99) while two searches run',
              of: ours('delayP99Ms'),
              lessThan: 10,
            },
          ],
        },
        abortRow('a literal', { query: literal, lessThan: 5 }),
        abortRow('a regular expression', {
          query: { kind: 'regexp', text: '[A-Za-z0-9._]+@[A-Za-z0-9.]+\\.[a-z]+' },
          lessThan: 50,
          file: real,
        }),
        abortRow('a catastrophic one', {
          query: { kind: 'regexp', text: '([\\x00-\\xff]+[\\x00-\\xff]+)+not there' },
          lessThan: 50,
        }),
      ],
      { rounds: 3, rivals: SEARCH_RIVALS },
    )
  })
}

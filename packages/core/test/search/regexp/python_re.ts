import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'

/** What CPython is asked. Strings are bytes as Latin-1. */
export interface PythonCase {
  readonly pattern: string
  readonly data: string
  readonly isCaseInsensitive: boolean
  /** An empty match is possible: after one, Python looks for a longer one at the same place, and JavaScript one byte behind it. */
  readonly canBeEmpty: boolean
}

/**
 * One answer a line: starts and lengths, one after the other, or null when it takes too long, which `re` learns from a signal. Where empty matches are
 * possible the program goes as `String.prototype.matchAll` does and leaves them out; else it is `finditer`.
 */
const PROGRAM = `
import json, re, signal, sys

class TooLong(Exception):
    pass

def too_long(number, frame):
    raise TooLong()

signal.signal(signal.SIGALRM, too_long)

def as_match_all(pattern, data):
    at = 0
    while at <= len(data) and (match := pattern.search(data, at)) is not None:
        at = max(match.end(), match.start() + 1)
        if match.end() > match.start():
            yield match

def answer(case):
    data = case['data'].encode('latin-1')
    flags = re.IGNORECASE if case['isCaseInsensitive'] else 0
    pattern = re.compile(case['pattern'].encode('latin-1'), flags)
    matches = as_match_all(pattern, data) if case['canBeEmpty'] else pattern.finditer(data)
    return [number for match in matches for number in (match.start(), match.end() - match.start())]

for line in sys.stdin:
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        found = answer(json.loads(line))
    except TooLong:
        found = None
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(json.dumps(found), flush=True)
`

/** CPython's \`re\` in a child process that answers one case after the other. */
export class PythonRe {
  readonly #child: ChildProcess
  readonly #answers: Interface
  readonly #lines: AsyncIterator<string>
  #errors = ''

  constructor() {
    const child = spawn('python3', ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stderr.on('data', (part: Buffer) => {
      this.#errors += part
    })
    this.#child = child
    this.#answers = createInterface({ input: child.stdout })
    this.#lines = this.#answers[Symbol.asyncIterator]()
  }

  /** Pairs of a start and a length; undefined when Python takes too long. @throws what Python says of an expression that it does not take. */
  async matches(request: PythonCase): Promise<readonly number[] | undefined> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`python3 ended at ${JSON.stringify(request.pattern)}: ${this.#errors}`)
    return JSON.parse(value) ?? undefined
  }

  end(): void {
    this.#child.stdin?.end()
    this.#answers.close()
  }
}

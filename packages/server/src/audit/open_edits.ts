import { type AuditFacts, type AuditLine, parseLineBytes } from './line.ts'
import { readLines } from './read_lines.ts'
import { trailFiles } from './trail_files.ts'
import { Intents, type UnsettledEdit } from './unsettled.ts'

/** Lines that say how many edits are under way behind them: none, and nothing before them is of interest. */
const COUNTING_KINDS: ReadonlySet<string> = new Set(['start', 'continued', 'stop'])
/** As a line writes its kind. Other lines need not be parsed, and they are most. */
const MARKS: readonly Buffer[] = ['start', 'continued', 'stop', 'editing', 'edited', 'editFailed', 'settled'].map(
  (kind) => Buffer.from(`"kind":"${kind}",`),
)
/** A line begins with its number, the hash before and the clock. */
const MARK_WITHIN = 512

export function isSettledBehind({ kind, server }: AuditFacts): boolean {
  return COUNTING_KINDS.has(kind) && server['unsettledCount'] === 0
}

/** Edits of a trail that were begun and of which no end is told, oldest first. Reads from its end backwards, file by file, as far as it must. */
export async function openEdits(path: string): Promise<UnsettledEdit[]> {
  const ended = new Set<string>()
  const found: UnsettledEdit[][] = []
  for (const file of trailFiles(path).reverse()) {
    const { unsettled, endedElsewhere, isBeginning } = await editsOfFile(file)
    found.unshift(unsettled.filter(({ editId }) => !ended.has(editId)))
    for (const editId of endedElsewhere) ended.add(editId)
    if (isBeginning) break
  }
  return found.flat()
}

interface EditsOfFile {
  readonly unsettled: readonly UnsettledEdit[]
  /** Whose beginning is in an earlier file. */
  readonly endedElsewhere: ReadonlySet<string>
  /** Nothing before this file is of interest. */
  readonly isBeginning: boolean
}

async function editsOfFile(file: string): Promise<EditsOfFile> {
  let intents = new Intents()
  let isBeginning = false
  let number = 0
  for await (const { bytes } of readLines(file)) {
    number++
    const line = markedLine(bytes)
    if (line === undefined) continue
    if (isSettledBehind(line)) {
      intents = new Intents()
      isBeginning = true
    } else intents.take(line, { file, line: number })
  }
  return { unsettled: intents.unsettled, endedElsewhere: intents.endedElsewhere, isBeginning }
}

function markedLine(bytes: Buffer): AuditLine | undefined {
  const beginning = bytes.subarray(0, MARK_WITHIN)
  return MARKS.some((mark) => beginning.includes(mark)) ? parseLineBytes(bytes) : undefined
}

import { formatSize } from './banner.ts'

const INTERVAL_MS = 100

/** What a progress line needs of a terminal. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** One line on a terminal that says how far the work has come. Where there is no terminal (a pipe, a file), nothing is ever written. */
export class Progress {
  readonly #terminal: Terminal
  readonly #startMs: number = performance.now()
  #shownMs = 0
  #isShown = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  readonly update = ({ scanned, total }: { readonly scanned: number; readonly total: number }): void => {
    if (this.#terminal.isTTY !== true) return
    const nowMs = performance.now()
    if (nowMs - this.#shownMs < INTERVAL_MS) return
    this.#shownMs = nowMs
    this.#isShown = true
    this.#terminal.write(`\r${progressText({ scanned, total, elapsedMs: nowMs - this.#startMs })}\x1b[K`)
  }

  /** Takes the line away, for others to write where it stood. */
  readonly hide = (): void => {
    if (!this.#isShown) return
    this.#isShown = false
    this.#terminal.write('\r\x1b[K')
  }
}

export interface ProgressFacts {
  readonly scanned: number
  readonly total: number
  readonly elapsedMs: number
}

/** `42 %  4.2 GiB of 10 GiB  1.9 GiB/s`. */
export function progressText({ scanned, total, elapsedMs }: ProgressFacts): string {
  const share = total === 0 ? 100 : Math.floor((100 * scanned) / total)
  const speed = elapsedMs <= 0 ? 0 : Math.floor((1_000 * scanned) / elapsedMs)
  return `${String(share).padStart(3)} %  ${short(scanned)} of ${short(total)}  ${short(speed)}/s`
}

function short(byteLength: number): string {
  return formatSize(byteLength).replace(/ \(.*\)$/, '')
}

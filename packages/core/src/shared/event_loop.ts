/** Every host has it; declared here because this layer is compiled without any host's types. */
declare function setTimeout(callback: () => void, delayMs: number): unknown

const SLICE_MS = 8

/** Lets timers and input run between two pieces of long work, when the work has held the thread for 8 ms or more. */
export class Breather {
  #since: number = Date.now()

  /** Cheap when it is not yet time: many short pieces share one pause, as a timer costs 1 to 4 ms however short it is set. */
  async pause(): Promise<void> {
    if (Date.now() - this.#since < SLICE_MS) return
    await new Promise<void>((resume) => setTimeout(resume, 0))
    this.#since = Date.now()
  }
}

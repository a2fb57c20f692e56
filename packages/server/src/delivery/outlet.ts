import type { ServerResponse } from 'node:http'

/** The client's end of an answer: what is written is waited for until the system has it, or until the client has gone. */
export class Outlet {
  readonly #response: ServerResponse
  #isGone = false
  #settle: (isHanded: boolean) => void = () => undefined
  #aborter: AbortController | undefined

  constructor(response: ServerResponse) {
    this.#response = response
    this.#isGone = response.destroyed
    response.once('close', () => {
      this.#isGone = true
      this.#aborter?.abort()
      this.#settle(response.writableFinished)
    })
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** Aborted when the client goes, also after a whole answer. Made when first asked for: it costs what a small answer does. */
  get signal(): AbortSignal {
    this.#aborter ??= new AbortController()
    if (this.#isGone) this.#aborter.abort()
    return this.#aborter.signal
  }

  /** Queues a few bytes that no memory is held for. */
  put(bytes: Uint8Array): void {
    if (!this.#isGone) this.#response.write(bytes)
  }

  /** Whether the system took all of it; false when the client went before. */
  write(bytes: Uint8Array): Promise<boolean> {
    return this.#handed((done) => this.#response.write(bytes, (error) => done(error === null || error === undefined)))
  }

  /** The same for the last bytes. */
  end(bytes: Uint8Array): Promise<boolean> {
    return this.#handed((done) => this.#response.end(bytes, () => done(this.#response.writableFinished)))
  }

  /** The only way left to say that something is wrong, once a length is promised. */
  break(): void {
    this.#response.destroy()
  }

  #handed(start: (done: (isHanded: boolean) => void) => void): Promise<boolean> {
    if (this.#isGone) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#settle = resolve
      start(resolve)
    })
  }
}

import type { ServerEvent } from './server_event.ts'

export type ServerEventListener = (event: ServerEvent) => void

/** Resolves when what it was told before is on the disk. */
export type EventWriter = (isRequired: boolean) => Promise<void>

/** From whoever does something to whoever writes it down. Synchronous: a listener queues and returns. */
export class ServerEvents {
  readonly #listeners: Set<ServerEventListener> = new Set()
  readonly #writers: Set<EventWriter> = new Set()

  /** Until the returned function is called. */
  listen(listener: ServerEventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The same for whoever writes events down: `written` waits for it. */
  listenAndWrite(listener: ServerEventListener, written: EventWriter): () => void {
    const stopListening = this.listen(listener)
    this.#writers.add(written)
    return () => {
      stopListening()
      this.#writers.delete(written)
    }
  }

  /**
   * Resolves when all that was emitted before is where a crash does not reach it. Where it cannot be, it rejects if it must be (`isRequired`: what
   * is meant to be done is not done then), or if the writer says so.
   */
  async written({ isRequired = false }: { readonly isRequired?: boolean } = {}): Promise<void> {
    for (const written of this.#writers) await written(isRequired)
  }

  /** Whether somebody writes down what is told. */
  get isOnRecord(): boolean {
    return this.#writers.size > 0
  }

  emit(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

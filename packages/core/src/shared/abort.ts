/**
 * The part of `AbortSignal` that the shared layer uses. Declared here because this layer is compiled without Node's and the
 * browser's types, which is what keeps it free of both; any real `AbortSignal` fits.
 */
export interface CancelSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

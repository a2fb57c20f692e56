/** Bytes travel as hex, so that no list of numbers is mistaken for them. */
export interface Hex {
  readonly hex: string
}

export type Step = readonly [operation: string, ...args: unknown[]]

/** One map and what is done to it, in words that Python and we understand alike. */
export interface Task {
  /** What is mapped; null is anonymous memory or, with `fd`, a descriptor of nothing. */
  readonly path: string | null
  readonly fd?: number
  /** Name of the open(2) flag. Default: `O_RDWR`. */
  readonly mode?: 'O_RDONLY' | 'O_RDWR' | 'O_WRONLY'
  readonly length: unknown
  readonly offset: unknown
  readonly access: string | null
  readonly flags: number | null
  readonly prot: number | null
  readonly operations: readonly Step[]
}

/** `state` is length and position, or null on a closed map. */
export type Answer = ({ readonly value: unknown } | { readonly code: string }) & {
  readonly state?: readonly [length: number, position: number] | null
}

export function toHex(bytes: Uint8Array): Hex {
  return { hex: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') }
}

export function fromHex({ hex }: Hex): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

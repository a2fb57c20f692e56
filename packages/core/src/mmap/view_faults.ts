import { binding, type NativeMapping } from '@mapscope/native'

const COUNTER: Int32Array = binding.viewFaults
const NO_BYTES: Uint8Array = new Uint8Array(0)

/**
 * How many faults in raw memory this process has seen. `Atomics`, for to the compiler nothing in between has changed the counter. Node 26 was
 * seen to leave out a plain read, and lost stores passed for done.
 */
export function viewFaults(): number {
  return Atomics.load(COUNTER, 0)
}

/** The same as a plain read: what the compiler makes of it may be older, and must only decide what costs nothing to get wrong. */
export function viewFaultsOrOlder(): number {
  return COUNTER[0] as number
}

/**
 * Lets the mapping show its file again where raw memory faulted. What any call would throw because of that is returned: it counts as told, and who
 * asks must say so.
 */
export function takeFault(native: NativeMapping): unknown {
  try {
    native.copyOut(0, NO_BYTES)
    return undefined
  } catch (error) {
    return error
  }
}

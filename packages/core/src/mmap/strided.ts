import { allocate } from '../source/native_jobs.ts'
import type { SlicePlaces } from './indexing.ts'
import type { MapState } from './map_state.ts'

/** Bytes looked through at once when a step leaves some of them out. */
const BLOCK_BYTE_LENGTH = 1_048_576
/** From this step on single bytes are fetched: a block would mostly hold what nobody asked for. */
const SPARSE_STEP = 4096

/** Copies the places out of the map, whatever the step. */
export function copySlice(state: MapState, { start, step, count }: SlicePlaces): Uint8Array {
  if (step === 1) return state.copy(start, start + count)
  const bytes = allocate(count)
  if (Math.abs(step) >= SPARSE_STEP) for (let n = 0; n < count; n++) bytes[n] = state.getByte(start + n * step)
  else copyStrided(state, { start, step, count }, bytes)
  return bytes
}

function copyStrided(state: MapState, { start, step, count }: SlicePlaces, bytes: Uint8Array): void {
  const perBlock = Math.floor(BLOCK_BYTE_LENGTH / Math.abs(step))
  const block = new Uint8Array(Math.min(count, perBlock) * Math.abs(step))
  for (let done = 0; done < count; done += perBlock) {
    const here = Math.min(perBlock, count - done)
    const first = start + done * step
    const last = first + (here - 1) * step
    const low = Math.min(first, last)
    state.copyOut(low, block.subarray(0, Math.abs(last - first) + 1))
    for (let n = 0; n < here; n++) bytes[done + n] = block[first + n * step - low] as number
  }
}

/**
 * Stores `bytes`, as many as there are places. With a step each byte is stored by itself: reading a block, changing it and writing it
 * back would undo what another process stores in between.
 */
export function storeSlice(state: MapState, { start, step, count }: SlicePlaces, bytes: Uint8Array): void {
  if (step === 1) {
    state.copyIn(start, bytes)
    return
  }
  // A copy, should `bytes` be a view of this very map.
  const source = new Uint8Array(bytes)
  for (let n = 0; n < count; n++) state.setByte(start + n * step, source[n] as number)
}

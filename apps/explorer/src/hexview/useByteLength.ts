import { useCallback, useSyncExternalStore } from 'react'
import type { GridBytes } from './grid_bytes.ts'

/** The document's length, re-read whenever its bytes report a change. */
export function useByteLength(bytes: GridBytes): number {
  const subscribe = useCallback((listener: () => void) => bytes.subscribe(listener), [bytes])
  return useSyncExternalStore(subscribe, () => bytes.byteLength)
}

import { useEffect } from 'react'
import type { DocumentSession } from '../document/session.ts'
import { CELL_KNOWN } from '../hexview/grid_bytes.ts'
import type { ViewStore } from '../state/view.ts'

/** For benchmarks and tests: the grid has painted true bytes of the document that was opened last. */
const FIRST_BYTES_MARK = 'mapscope:first-bytes'

export function useFirstBytes(session: DocumentSession | undefined, view: ViewStore): void {
  useEffect(() => {
    if (session === undefined) return undefined
    let frame = 0
    const end = session.subscribe(() => {
      const { topRow, columns } = view.getState()
      if (frame !== 0 || session.cellAt(topRow * columns).state !== CELL_KNOWN) return
      // The grid paints in the frame its own subscription asked for, which is this one or the one before.
      frame = requestAnimationFrame(() => {
        end()
        performance.mark(FIRST_BYTES_MARK)
      })
    })
    return () => {
      end()
      cancelAnimationFrame(frame)
    }
  }, [session, view])
}

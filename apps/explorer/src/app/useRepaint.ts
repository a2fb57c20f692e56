import { useEffect, useReducer } from 'react'
import type { DocumentSession } from '../document/session.ts'

/** Renders again, at most once a frame, after cells or marks of the document changed. */
export function useRepaint(session: DocumentSession): void {
  const [, repaint] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    let frame = 0
    const end = session.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        repaint()
      })
    })
    return () => {
      end()
      cancelAnimationFrame(frame)
    }
  }, [session])
}

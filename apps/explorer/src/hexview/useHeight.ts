import { useEffect, useState } from 'react'

/** The inner height of an element, kept up to date. */
export function useHeight(ref: { readonly current: HTMLElement | null }): number {
  const [heightPx, setHeightPx] = useState(0)
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const observer = new ResizeObserver(() => setHeightPx(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return heightPx
}

/** The canvas in exact device pixels; `devicePixelRatio` includes the browser's zoom. */
export interface SurfaceSize {
  readonly widthPx: number
  readonly heightPx: number
  readonly devicePixelRatio: number
}

/**
 * Tells the size of an element in whole device pixels, now and on every change, in time to paint before the next frame is shown.
 * Width times ratio rounds wrongly at ratios like 1.25, and a canvas one pixel off is blurred as a whole; so the browser's own
 * count is taken where it gives one (Safari does not). A changed ratio alone resizes nothing: matchMedia tells that.
 */
export function observeSurface(element: Element, onChange: (size: SurfaceSize) => void): () => void {
  const observer = new ResizeObserver((entries) => {
    const entry = entries[entries.length - 1]
    if (entry) onChange(sizeOf(entry))
  })
  const observe = (): void => {
    observer.disconnect()
    try {
      observer.observe(element, { box: 'device-pixel-content-box' })
    } catch {
      observer.observe(element)
    }
  }
  observe()
  const stopRatio = watchRatio(observe)
  return () => {
    observer.disconnect()
    stopRatio()
  }
}

function sizeOf(entry: ResizeObserverEntry): SurfaceSize {
  const ratio = devicePixelRatio
  const exact = (entry.devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined)?.[0]
  return {
    widthPx: Math.max(1, exact ? exact.inlineSize : Math.round(entry.contentRect.width * ratio)),
    heightPx: Math.max(1, exact ? exact.blockSize : Math.round(entry.contentRect.height * ratio)),
    devicePixelRatio: ratio,
  }
}

/** A media query matches one ratio only, so each change needs a new one. */
function watchRatio(onChange: () => void): () => void {
  let query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  const changed = (): void => {
    query.removeEventListener('change', changed)
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    query.addEventListener('change', changed)
    onChange()
  }
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

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
    widthPx: pixelCount(entry.contentRect.width * ratio, exact?.inlineSize),
    heightPx: pixelCount(entry.contentRect.height * ratio, exact?.blockSize),
    devicePixelRatio: ratio,
  }
}

/**
 * The browser's count, unless it is not the rounding of the product at all: under an emulated ratio (the device toolbar of the
 * developer tools, Playwright) it counts the real screen's pixels, and the grid would fill a quarter of its place.
 */
function pixelCount(product: number, exact: number | undefined): number {
  const isRounding = exact !== undefined && Math.abs(exact - product) <= 1
  return Math.max(1, isRounding ? exact : Math.round(product))
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

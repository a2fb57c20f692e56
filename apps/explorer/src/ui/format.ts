const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const NUMBER = new Intl.NumberFormat('en')

/** `16,492,674,416,640`. */
export function formatCount(count: number): string {
  return NUMBER.format(count)
}

/** `15 TiB`, `1.5 KiB`, `0 bytes`: at most three digits that matter; the exact number belongs beside or behind it. */
export function formatSize(byteLength: number): string {
  if (byteLength === 1) return '1 byte'
  const power = byteLength < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(byteLength) / 10))
  const scaled = byteLength / 1024 ** power
  const digits = power === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2
  return `${Number(scaled.toFixed(digits))} ${UNITS[power]}`
}

/** `16,492,674,416,640 bytes`. */
export function formatBytes(byteLength: number): string {
  return byteLength === 1 ? '1 byte' : `${formatCount(byteLength)} bytes`
}

/** How far into the file an offset is: 0 at the first byte, 100 at the last. */
export function formatPercent(offset: number, byteLength: number): string {
  if (byteLength <= 1) return '0%'
  const percent = (offset / (byteLength - 1)) * 100
  return `${percent >= 100 ? '100' : Math.min(99.99, percent).toFixed(2)}%`
}

/** `2026-11-22 21:40`, in the reader's own time zone. */
export function formatTime(timeMs: number): string {
  const date = new Date(timeMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

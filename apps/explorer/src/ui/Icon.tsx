import type { ReactElement } from 'react'

/** Drawn on a 16 × 16 grid with 1.5 px strokes, so that they sit on whole pixels beside 13 px text. */
const PATHS = {
  folder: 'M1.75 4.25v8a1 1 0 0 0 1 1h10.5a1 1 0 0 0 1-1v-6.5a1 1 0 0 0-1-1H8L6.5 3.25H2.75a1 1 0 0 0-1 1Z',
  file: 'M9.25 1.75h-5.5a1 1 0 0 0-1 1v10.5a1 1 0 0 0 1 1h8.5a1 1 0 0 0 1-1v-7.5Zm0 0v4h4',
  other: 'M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5ZM3.6 3.6l8.8 8.8',
  close: 'M3.75 3.75l8.5 8.5m0-8.5l-8.5 8.5',
  up: 'M8 12.75v-9.5m-4 4 4-4 4 4',
  down: 'M8 3.25v9.5m4-4-4 4-4-4',
  search: 'M7 11.75a4.75 4.75 0 1 0 0-9.5 4.75 4.75 0 0 0 0 9.5Zm3.5-1.25 3.75 3.75',
  goto: 'M2 8h9.5m-3.5-3.75L11.75 8 8 11.75M14.25 3v10',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5m0 11V15M1 8h1.5m11 0H15M3.05 3.05l1.06 1.06m7.78 7.78 1.06 1.06m0-9.9-1.06 1.06m-7.78 7.78-1.06 1.06',
  moon: 'M13.5 9.75A6 6 0 0 1 6.25 2.5a6 6 0 1 0 7.25 7.25Z',
  keys: 'M2.75 3.75h10.5a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H2.75a1 1 0 0 1-1-1v-6.5a1 1 0 0 1 1-1ZM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M12 6.5h-.5M4.75 9.5h6.5',
  lock: 'M3.75 7.25h8.5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-8.5a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1Zm1.5 0v-2.5a2.75 2.75 0 0 1 5.5 0v2.5',
  pen: 'M10.75 2.75l2.5 2.5-7.75 7.75-3.25.75.75-3.25Z',
  warning: 'M8 2.25 14.5 13.5h-13ZM8 6.5v3m0 1.9v.1',
  info: 'M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5ZM8 7.25v4M8 4.8v.1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

import { BYTE_CLASSES } from './byte_class.ts'

/** Every colour the canvas uses, by the name of its CSS variable without `--hex-`; values live in styles/tokens.css only. */
const NAMES = [
  'surface',
  'header',
  'header-text',
  'header-current',
  'group',
  'rule',
  'offset',
  'offset-lead',
  'offset-current',
  'crosshair',
  'unreadable',
  'unreadable-hatch',
  'skeleton',
  'selection',
  'selection-idle',
  'selection-line',
  'caret',
  'caret-soft',
  'caret-text',
  'caret-soft-text',
  'caret-ghost',
  'hit',
  'hit-current',
  'edited',
  'edited-tint',
  'changed',
  'changed-line',
] as const

export type PaletteName = (typeof NAMES)[number]

export interface Palette {
  readonly colours: Readonly<Record<PaletteName, string>>
  /** Text colours: by colour index (byte_class.ts). */
  readonly text: readonly string[]
}

/**
 * Collects the palette from anything that answers CSS variables.
 * @throws Error naming the variable when tokens.css has not been loaded: an unpainted grid would say nothing.
 */
export function paletteOf(variable: (name: string) => string): Palette {
  const read = (name: string): string => {
    const value = variable(`--hex-${name}`).trim()
    if (value === '')
      throw new Error(`The colour --hex-${name} is not defined; load styles/tokens.css before the grid.`)
    return value
  }
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Record<PaletteName, string>
  return { colours, text: [...BYTE_CLASSES.map(read), colours.unreadable] }
}

/** The palette in force for an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  return paletteOf((name) => style.getPropertyValue(name))
}

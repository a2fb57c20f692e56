import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CSS = readFileSync(fileURLToPath(new URL('../../src/styles/tokens.css', import.meta.url)), 'utf8')

/** The variables of a theme, as the cascade gives them: the shared ones, then the theme's. */
export function tokensOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>()
  for (const selector of [/^:root \{([^}]*)\}/m, new RegExp(`^:root\\[data-theme="${theme}"\\] \\{([^}]*)\\}`, 'm')]) {
    const block = selector.exec(CSS)?.[1]
    if (block === undefined) throw new Error(`tokens.css has no block for ${selector.source}`)
    for (const [, name, value] of block.matchAll(/--([\w-]+):\s*([^;]+);/g))
      tokens.set(`--${name}`, (value ?? '').trim())
  }
  return tokens
}

/** WCAG 2.2 contrast of two colours given as #rrggbb. */
export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** `over` (#rrggbb or #rrggbbaa) painted on an opaque ground, as #rrggbb. */
export function blend(over: string, ground: string): string {
  const alpha = over.length === 9 ? Number.parseInt(over.slice(7), 16) / 255 : 1
  const mixed = channels(over).map((value, index) => {
    return Math.round(value * alpha + (channels(ground)[index] ?? 0) * (1 - alpha))
  })
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: string): [number, number, number] {
  if (!/^#[0-9a-f]{6}([0-9a-f]{2})?$/.test(colour)) throw new Error(`Not a #rrggbb colour: ${colour}`)
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number]
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

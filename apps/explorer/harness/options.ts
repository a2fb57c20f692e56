/** What the harness shows; read from the page's query. */
export interface HarnessOptions {
  readonly rows: number
  readonly columns: number
  readonly theme: 'light' | 'dark'
  readonly byteLength: number
  readonly seed: number
  /** `random` every byte alike, `binary` like an executable, `unread`/`mixed` with missing and unreadable stretches. */
  readonly content: Content
  readonly isEditable: boolean
  readonly hasMarks: boolean
}

const CONTENTS = ['random', 'binary', 'unread', 'mixed'] as const
export type Content = (typeof CONTENTS)[number]

/**
 * `?rows=60&columns=32&theme=dark&length=16492674416640&seed=1&content=binary&editable&marks`. `dpr` is for whoever starts the
 * browser (--force-device-scale-factor): a page cannot set it, so here it is only compared and told when it is not what was asked.
 */
export function readOptions(query: string): HarnessOptions {
  const search = new URLSearchParams(query)
  const integer = (name: string, otherwise: number): number => Number.parseInt(search.get(name) ?? '', 10) || otherwise
  const wanted = Number(search.get('dpr') ?? '0')
  if (wanted > 0 && wanted !== devicePixelRatio) {
    console.warn(
      `dpr=${wanted} was asked for, this browser has ${devicePixelRatio}; start it with --force-device-scale-factor.`,
    )
  }
  return {
    rows: integer('rows', 60),
    columns: integer('columns', 32),
    theme: search.get('theme') === 'light' ? 'light' : 'dark',
    byteLength: search.get('length') === '0' ? 0 : integer('length', 15 * 2 ** 40),
    seed: integer('seed', 1),
    content: CONTENTS.find((content) => content === search.get('content')) ?? 'random',
    isEditable: search.has('editable'),
    hasMarks: search.has('marks'),
  }
}

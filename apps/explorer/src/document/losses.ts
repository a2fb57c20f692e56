import { type Notice, type NoticesStore, notify } from '../state/notices.ts'

/** More are counted: they are in the same file, and this is to be read. */
const SHOWN_COUNT = 5

/**
 * Says which edits are not in the file and are not going to be, until somebody has read it: the connection may have come back while nobody looked. One
 * notice, however many there are, for the next one would take the place of the one before.
 */
export class Losses {
  readonly #notices: NoticesStore
  #texts: readonly string[] = []
  #shown: Notice | undefined

  constructor(notices: NoticesStore) {
    this.#notices = notices
  }

  tell(text: string): void {
    const isUnread = this.#shown !== undefined && this.#notices.getState().notices.includes(this.#shown)
    this.#texts = isUnread ? [...this.#texts, text] : [text]
    this.#shown = noticeOf(this.#texts)
    notify(this.#notices, this.#shown)
  }
}

function noticeOf(texts: readonly string[]): Notice {
  const [first = ''] = texts
  const common = { key: 'losses', tone: 'warning', isLasting: true } as const
  if (texts.length === 1) return { ...common, text: first }
  const hiddenCount = Math.max(0, texts.length - SHOWN_COUNT)
  const before = hiddenCount === 0 ? [] : [`${hiddenCount} before these.`]
  return {
    ...common,
    text: `${texts.length} edits did not reach the file.`,
    details: [...before, ...texts.slice(-SHOWN_COUNT)],
  }
}

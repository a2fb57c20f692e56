import { expect, type Locator, type Page } from '@playwright/test'
import type { GridInspection } from '../../src/hexview/inspect.ts'

declare global {
  interface Window {
    readonly mapscope?: { readonly grid?: GridInspection }
  }
}

/** A row as the grid's accessible mirror tells it: the truth a screen reader gets, and what the assertions read. */
export interface MirroredRow {
  readonly values: readonly string[]
  readonly states: readonly string[]
}

/** The explorer as a person uses it: specs read like what was done. */
export class Explorer {
  readonly page: Page
  readonly grid: Locator
  readonly status: (name: string) => Locator

  constructor(page: Page) {
    this.page = page
    this.grid = page.getByTestId('hexgrid')
    this.status = (name) => page.getByTestId(`status-${name}`)
  }

  /** Opens the link, and the named file when there is more than one to choose from. */
  async open(link: string, fileName?: string): Promise<void> {
    await this.page.goto(link)
    if (fileName !== undefined) await this.page.getByTestId('file-row').filter({ hasText: fileName }).first().click()
    await expect(this.page.getByTestId('document-name')).toBeVisible()
    await this.grid.focus()
  }

  async goTo(target: string): Promise<void> {
    await this.page.keyboard.press('Control+g')
    await this.page.getByTestId('goto-input').fill(target)
    await this.page.getByTestId('goto-input').press('Enter')
    await this.grid.focus()
  }

  /** The mirrored row that begins at `offset`, once every cell of it is settled. */
  async row(offset: number): Promise<MirroredRow> {
    const row = this.page.locator(`[data-offset="${offset}"]`)
    await expect(row.locator('[data-state="unread"]')).toHaveCount(0)
    const cells = row.locator('[data-state]')
    await expect(cells.first()).toBeAttached()
    return {
      values: await cells.evaluateAll((found) => found.map((cell) => cell.getAttribute('data-value') ?? '')),
      states: await cells.evaluateAll((found) => found.map((cell) => cell.getAttribute('data-state') ?? '')),
    }
  }

  async expectRow(offset: number, values: readonly string[]): Promise<void> {
    await expect.poll(async () => (await this.row(offset)).values).toEqual(values)
  }

  /** Types a query, and asks for the next hit unless told not to. */
  async find(kind: 'hex' | 'text' | 'number' | 'regex', needle: string, isAsking = true): Promise<void> {
    await this.page.keyboard.press('Control+f')
    await this.page.getByRole('radio', { name: new RegExp(`^${kind}`, 'i') }).check({ force: true })
    await this.page.getByTestId('find-input').fill(needle)
    if (isAsking) await this.page.getByTestId('find-input').press('Enter')
  }
}

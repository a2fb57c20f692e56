import { expect, test } from 'vitest'
import { makeContext } from '../support/context.ts'

test('Esc goes back to the byte that was on top, also in fewer columns than it was left with', () => {
  const { goTo, view } = makeContext(new Uint8Array(65_536))
  view.setState({ topRow: 100, columns: 16 })
  goTo.begin()
  goTo.preview('0x8000')
  view.setState({ columns: 8 })
  goTo.cancel()
  expect(view.getState()).toMatchObject({ topRow: 200, subRowPx: 0, columns: 8 })
})

test('Esc in the same columns goes back to the pixel', () => {
  const { goTo, view } = makeContext(new Uint8Array(65_536))
  view.setState({ topRow: 100, subRowPx: 7 })
  goTo.begin()
  goTo.preview('0x8000')
  goTo.cancel()
  expect(view.getState()).toMatchObject({ topRow: 100, subRowPx: 7 })
})

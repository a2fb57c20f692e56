import { createRoot } from 'react-dom/client'
import { HexView } from '../src/hexview/HexView.tsx'
import { createSelectionStore } from '../src/state/selection.ts'
import { createViewStore } from '../src/state/view.ts'
import '../src/styles/tokens.css'
import './harness.css'
import { measure } from './frames.ts'
import { readOptions } from './options.ts'
import { SeededBytes } from './seeded_bytes.ts'

const HEADER_PX = 26
const ROW_PX = 19

const options = readOptions(location.search)
const bytes = new SeededBytes(options)
const view = createViewStore()
const selection = createSelectionStore()
const typed: string[] = []
const hovered: (number | undefined)[] = []

document.documentElement.dataset['theme'] = options.theme
const root = document.getElementById('root') as HTMLElement
// Wide enough for any column count asked for; `fit` is what the explorer does, here the number rules.
root.style.width = `${(14 + 3 + options.columns * 4.2 + 8) * 8 + 40}px`
root.style.height = `${HEADER_PX + options.rows * ROW_PX}px`

Object.assign(globalThis, { harness: { view, selection, bytes, typed, hovered, measure } })

createRoot(root).render(
  <HexView
    bytes={bytes}
    view={view}
    selection={selection}
    isEditable={options.isEditable}
    theme={options.theme}
    columns={options.columns}
    label="harness"
    onType={(text) => typed.push(text)}
    onHover={(offset) => hovered.push(offset)}
  />,
)

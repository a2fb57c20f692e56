import { MapscopeError, type RegexpQuery } from '../shared/index.ts'
import type { Engine } from './engine.ts'

const refuse = (): never => {
  throw new MapscopeError('ERR_ARGUMENT', 'Regular expressions cannot be searched for in this build.')
}

/** The seam of `regexp/`: until that is merged, a clear refusal. */
export const regexpEngine: Engine<RegexpQuery> = { steps: refuse, stepsBefore: refuse, sidesOf: refuse }

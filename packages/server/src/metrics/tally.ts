import { Counter, type Registry } from 'prom-client'

export interface TallyOptions {
  readonly registry: Registry
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

/**
 * A counter whose labels are made once. prom-client's own checks them and makes a text of them at each count, which costs as much as reading what is
 * being counted; here they are handed to it when somebody asks.
 */
export class Tally {
  readonly #labels: readonly string[]
  readonly #counts: Map<string, number> = new Map()

  constructor({ registry, name, help, labels }: TallyOptions) {
    this.#labels = labels
    const hand = (counter: Counter): void => this.#hand(counter)
    new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        hand(this)
      },
    })
  }

  /** `values`: of the labels, in their order, with a line feed between. */
  add(values: string, count = 1): void {
    this.#counts.set(values, (this.#counts.get(values) ?? 0) + count)
  }

  #hand(counter: Counter): void {
    for (const [values, count] of this.#counts) {
      const parts = values.split('\n')
      counter.inc(Object.fromEntries(this.#labels.map((label, at) => [label, parts[at] ?? ''])), count)
    }
    this.#counts.clear()
  }
}

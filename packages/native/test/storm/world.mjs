import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Mapped } from './mapped.mjs'
import { Memory, PAGE } from './memory.mjs'
import { Observation } from './observation.mjs'

const MOST_MAPPINGS = 12

/** All that is open, and the one place that knows who sees whose stores. */
export class World {
  mappings = []
  memories = []
  flights = new Set()
  #shadows = new Set()
  failure = undefined
  #observations = new Set()
  #pending = new Set()
  #names = 0

  constructor({ binding, random, folder, entry }) {
    this.binding = binding
    this.random = random
    this.folder = folder
    this.entry = entry
  }

  get isFull() {
    return this.mappings.length >= MOST_MAPPINGS
  }

  makeFile(byteLength, capacity = byteLength) {
    const path = join(this.folder, `file-${this.#names++}`)
    const memory = new Memory(path, this.random.bytes(byteLength), capacity)
    this.memories.push(memory)
    return memory
  }

  /** `options` as the addon takes them. */
  map(memory, options) {
    const file = memory.isFile ? openSync(memory.path, options.access === 'write' ? 'r+' : 'r') : -1
    try {
      const mapped = new Mapped(new this.binding.Mapping(file, options), memory, options)
      this.mappings.push(mapped)
      return mapped
    } finally {
      if (file !== -1) closeSync(file)
    }
  }

  forget(mapped) {
    this.mappings.splice(this.mappings.indexOf(mapped), 1)
    mapped.group.delete(mapped)
    for (const { shown } of mapped.exports) this.unshadow(shown)
  }

  /** A mapping that is behind a view only. */
  shadow(mapped) {
    this.#shadows.add(mapped)
    return mapped
  }

  unshadow(mapped) {
    this.#shadows.delete(mapped)
  }

  anyMapping(isFit = () => true) {
    const fit = this.mappings.filter(isFit)
    return fit.length === 0 ? undefined : this.random.pick(fit)
  }

  observe(mapped, range) {
    const observation = new Observation(mapped, range)
    for (const { mapped: other, start, bytes, before } of this.#pending) {
      this.#tell(observation, other, start, bytes)
      this.#tell(observation, other, start, before)
    }
    this.#observations.add(observation)
    return observation
  }

  unobserve(observation) {
    this.#observations.delete(observation)
  }

  /** What happens at once: nothing else can come in between. */
  observeCall(mapped, range, call) {
    const observation = this.observe(mapped, range)
    try {
      return call(observation)
    } finally {
      this.unobserve(observation)
    }
  }

  /** Bytes that are in the mapping's memory now. */
  stored(mapped, start, bytes) {
    mapped.store(start, bytes)
    this.#announce(mapped, start, bytes)
  }

  /** The same from outside of any mapping. */
  changed(memory, start, bytes) {
    for (const observation of this.#observations) {
      if (observation.mapped.memory === memory) observation.sawStore(start - observation.mapped.offset, bytes)
    }
  }

  resized(memory) {
    for (const mapped of [...this.mappings, ...this.#shadows])
      if (mapped.memory === memory) mapped.forgetPagesPast(mapped.faultsFrom)
    for (const observation of this.#observations) if (observation.mapped.memory === memory) observation.sawLength()
    for (const store of this.#pending) if (store.mapped.memory === memory) store.isTainted = true
  }

  /** Whether a store is on its way to one of these pages: then nobody could tell whose bytes stay. */
  isBusy(mapped, { start, end }) {
    const from = Math.floor((mapped.offset + start) / PAGE) * PAGE
    const to = Math.ceil((mapped.offset + end) / PAGE) * PAGE
    return [...this.#pending].some(
      (store) =>
        store.mapped.memory === mapped.memory &&
        store.mapped.offset + store.start < to + PAGE &&
        store.mapped.offset + store.start + store.bytes.byteLength > from - PAGE,
    )
  }

  hasPending(memory) {
    return [...this.#pending].some((store) => store.mapped.memory === memory)
  }

  /** A store that another thread makes at some moment from now on. `end` it when it is known how it went. */
  beginStore(mapped, start, bytes) {
    const store = { mapped, start, bytes, before: mapped.peek(start, start + bytes.byteLength), isTainted: false }
    this.stored(mapped, start, bytes)
    this.#pending.add(store)
    return store
  }

  endStore(store, { isCertain }) {
    this.#pending.delete(store)
    if (isCertain && !store.isTainted) return
    const start = store.mapped.offset + store.start
    store.mapped.memory.reread(start, start + store.bytes.byteLength)
  }

  /** A job of a mapping. */
  fly(mapped, promise, what) {
    mapped.flights.count++
    this.flyApart(
      promise.finally(() => mapped.flights.count--),
      what,
    )
  }

  /** Keeps a promise's failure for the next step, and the storm from ending before it has settled. */
  flyApart(promise, what) {
    const flight = promise
      .catch((error) => {
        this.failure ??= new Error(`${what}: ${error.message}`, { cause: error })
      })
      .finally(() => this.flights.delete(flight))
    this.flights.add(flight)
  }

  async land() {
    while (this.flights.size > 0) await Promise.all(this.flights)
    if (this.failure !== undefined) throw this.failure
  }

  #announce(mapped, start, bytes) {
    for (const observation of this.#observations) this.#tell(observation, mapped, start, bytes)
  }

  #tell(observation, mapped, start, bytes) {
    const isOwn = mapped.own !== undefined
    if (isOwn ? observation.mapped.own !== mapped.own : observation.mapped.memory !== mapped.memory) return
    observation.sawStore(start + mapped.offset - observation.mapped.offset, bytes)
  }
}

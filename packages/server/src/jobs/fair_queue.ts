/** Who waits: the clients of a principal share its turns, or one could take them all by naming many. */
export interface Waiting {
  readonly principal: string
  readonly clientId: string
}

type Queues<Item> = Map<string, Item[]>

/** Turns for principals and, within each, for its clients, however much each has waiting: after one was served, all others come first. */
export class FairQueue<Item extends Waiting> {
  /** A Map keeps the order in which its keys came: whoever was served is put in again, at the end. */
  readonly #principals: Map<string, Queues<Item>> = new Map()

  push(item: Item): void {
    const clients: Queues<Item> = this.#principals.get(item.principal) ?? new Map<string, Item[]>()
    this.#principals.set(item.principal, clients)
    clients.set(item.clientId, [...(clients.get(item.clientId) ?? []), item])
  }

  /** The next item that may be taken, of whoever has waited the longest for a turn. */
  take(isAllowed: (item: Item) => boolean): Item | undefined {
    for (const [principal, clients] of this.#principals) {
      const item = takeFrom(clients, isAllowed)
      if (item === undefined) continue
      this.#principals.delete(principal)
      if (clients.size > 0) this.#principals.set(principal, clients)
      return item
    }
    return undefined
  }

  remove(isUnwanted: (item: Item) => boolean): void {
    for (const [principal, clients] of this.#principals) {
      for (const [clientId, queue] of clients) {
        const left = queue.filter((item) => !isUnwanted(item))
        if (left.length === 0) clients.delete(clientId)
        else clients.set(clientId, left)
      }
      if (clients.size === 0) this.#principals.delete(principal)
    }
  }
}

function takeFrom<Item extends Waiting>(clients: Queues<Item>, isAllowed: (item: Item) => boolean): Item | undefined {
  for (const [clientId, queue] of clients) {
    const index = queue.findIndex(isAllowed)
    const [item] = index < 0 ? [] : queue.splice(index, 1)
    if (item === undefined) continue
    clients.delete(clientId)
    if (queue.length > 0) clients.set(clientId, queue)
    return item
  }
  return undefined
}

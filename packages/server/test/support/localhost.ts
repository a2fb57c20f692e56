import dns from 'node:dns'
import { vi } from 'vitest'

type Callback = (error: Error | null, address: string | dns.LookupAddress[], family?: number) => void
type Lookup = (name: string, options: dns.LookupOptions | Callback, callback?: Callback) => void

const IPV6: dns.LookupAddress = { address: '::1', family: 6 }
const IPV4: dns.LookupAddress = { address: '127.0.0.1', family: 4 }

/** Has `localhost` be two addresses, as on most machines, whatever this one's table of hosts says. */
export function resolveBoth(): void {
  const lookup = dns.lookup as unknown as Lookup
  const both: Lookup = (name, options, callback) => {
    if (name !== 'localhost') return lookup(name, options, callback)
    const given = typeof options === 'function' ? {} : options
    const tell = typeof options === 'function' ? options : callback
    if (given.all === true) setImmediate(() => tell?.(null, [IPV6, IPV4]))
    else setImmediate(() => tell?.(null, IPV4.address, IPV4.family))
  }
  vi.spyOn(dns, 'lookup').mockImplementation(both as unknown as typeof dns.lookup)
}

import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ServerEvent } from '../events/server_event.ts'
import { Tally } from './tally.ts'

/** One value of a gauge, or one for each set of labels. */
export type GaugeReading =
  | number
  | readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]

export interface GaugeOptions {
  readonly help: string
  readonly labels?: readonly string[]
  /** Asked at each scrape; must be quick. */
  readonly read: () => GaugeReading
}

export interface AnsweredRequest {
  readonly method: string
  /** The pattern, as `/api/v1/documents/:id`, never the path: its values are without end. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** From a resident 4 KiB (0.1 ms) to a download of many GiB. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 120]

/** What this server counts, as Prometheus reads it. Every name is in docs/operating.md; a test compares. */
export class Metrics {
  readonly #registry: Registry = new Registry()
  readonly #requests: Tally
  readonly #durations: Histogram
  readonly #servedBytes: Tally
  readonly #deliveries: Tally
  readonly #refusals: Counter
  readonly #edits: Counter
  readonly #revocations: Counter
  readonly #jobs: Counter

  constructor() {
    this.#requests = this.#tally('requests_total', 'HTTP requests answered.', ['method', 'route', 'status'])
    this.#durations = new Histogram({
      name: 'mapscope_request_duration_seconds',
      help: 'From the request to the end of its answer.',
      labelNames: ['route'],
      buckets: DURATION_BUCKETS,
      registers: [this.#registry],
    })
    this.#servedBytes = this.#tally('served_bytes_total', 'Bytes of files that went out.', ['via'])
    this.#deliveries = this.#tally('deliveries_total', 'Answers with bytes of files, by how they ended.', [
      'via',
      'outcome',
    ])
    this.#refusals = this.#counter('refusals_total', 'Requests that the guard refused.', ['code'])
    this.#edits = this.#counter('edits_total', 'Edits stored.')
    this.#revocations = this.#counter('revocations_total', 'Tokens that were taken back, changed or have expired.', [
      'reason',
    ])
    this.#jobs = this.#counter('jobs_total', 'Jobs that reached a state.', ['kind', 'state'])
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** Adds a gauge that is read at each scrape. Names begin with `mapscope_` or, for what every process has, `process_`. */
  gauge(name: string, { help, labels = [], read }: GaugeOptions): void {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      collect() {
        const reading = read()
        this.reset()
        if (typeof reading === 'number') this.set(reading)
        else for (const { labels: values, value } of reading) this.set({ ...values }, value)
      },
    })
  }

  countRequest({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.add(`${method}\n${route}\n${status}`)
    this.#durations.observe({ route }, seconds)
  }

  countEvent(event: ServerEvent): void {
    switch (event.kind) {
      case 'served': {
        const { via, outcome } = event
        this.#deliveries.add(`${via}\n${outcome}`)
        let byteLength = 0
        for (const { start, end } of event.ranges) byteLength += end - start
        this.#servedBytes.add(via, byteLength)
        return
      }
      case 'refused':
        this.#refusals.inc({ code: event.code })
        return
      case 'edited':
        this.#edits.inc()
        return
      case 'job':
        this.#jobs.inc({ kind: event.jobKind, state: event.state })
        return
      case 'revoked':
        this.#revocations.inc({ reason: event.reason })
        return
      case 'searched':
      case 'opened':
      case 'editing':
      case 'editFailed':
        return
    }
  }

  /** Text format 0.0.4. */
  async text(): Promise<string> {
    return await this.#registry.metrics()
  }

  #tally(name: string, help: string, labels: readonly string[]): Tally {
    return new Tally({ registry: this.#registry, name: `mapscope_${name}`, help, labels })
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `mapscope_${name}`, help, labelNames, registers: [this.#registry] })
  }
}

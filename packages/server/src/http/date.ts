const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MONTH = MONTHS.join('|')

/** The three forms a recipient must accept (RFC 9110 §5.6.7). `Date.parse` accepts far more, and garbage must be ignored. */
const FORMS: readonly RegExp[] = [
  new RegExp(
    `^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d\\d) (?<month>${MONTH}) (?<year>\\d{4}) (?<time>\\d\\d:\\d\\d:\\d\\d) GMT$`,
  ),
  new RegExp(
    `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-(?<month>${MONTH})-(?<year>\\d\\d) (?<time>\\d\\d:\\d\\d:\\d\\d) GMT$`,
  ),
  new RegExp(
    `^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>${MONTH}) (?<day>[\\d ]\\d) (?<time>\\d\\d:\\d\\d:\\d\\d) (?<year>\\d{4})$`,
  ),
]

/** Milliseconds of an HTTP date, or `undefined` for anything that is none (which a precondition then ignores). */
export function parseHttpDate(text: string, nowMs: number = Date.now()): number | undefined {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups
    if (parts !== undefined) return toMs(parts, nowMs)
  }
  return undefined
}

function toMs(parts: Record<string, string | undefined>, nowMs: number): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = (parts['time'] ?? '').split(':').map(Number)
  const day = Number(parts['day'])
  const month = MONTHS.indexOf(parts['month'] ?? '')
  const year = fullYear(parts['year'] ?? '', nowMs)
  const ms = Date.UTC(year, month, day, hours, minutes, seconds)
  // Date.UTC rolls 31 February over into March; a date that does not come back as it went in was none.
  const date = new Date(ms)
  const isReal = date.getUTCDate() === day && date.getUTCMonth() === month && hours < 24 && minutes < 60 && seconds < 60
  return isReal ? ms : undefined
}

/** A year of two digits that seems more than 50 years ahead is the past one that ends the same (RFC 9110 §5.6.7). */
function fullYear(digits: string, nowMs: number): number {
  if (digits.length === 4) return Number(digits)
  const thisYear = new Date(nowMs).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + Number(digits)
  return year > thisYear + 50 ? year - 100 : year
}

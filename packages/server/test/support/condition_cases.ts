/** In values, `{etag}` stands for the file's tag, `{date}` for its date, `{before}` and `{after}` for a second off it. */
export interface ConditionCase {
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
}

const when = (status: number, headers: Record<string, string>): ConditionCase => ({ headers, status })
const range = { Range: 'bytes=0-9' }
const GARBAGE = [
  'garbage',
  '0',
  '',
  '2026-11-22T12:00:00Z',
  'Sun, 31 Feb 2026 12:00:00 GMT',
  'Sun, 22 Nov 2026 25:00:00 GMT',
  'Sun, 22 Nov 2026 12:00:00 CET',
  '{date}, {date}',
]

export const CONDITION_CASES: readonly ConditionCase[] = [
  // If-Match: strong, a list, or anything at all
  when(200, { 'If-Match': '{etag}' }),
  when(200, { 'If-Match': '*' }),
  when(200, { 'If-Match': '"a", {etag}' }),
  when(200, { 'If-Match': '"a",{etag},"b"' }),
  when(200, { 'If-Match': '"a,b" ,\t {etag}' }),
  when(200, { 'If-Match': ',, {etag},' }),
  when(412, { 'If-Match': '"a"' }),
  when(412, { 'If-Match': '""' }),
  when(412, { 'If-Match': 'W/{etag}' }),
  when(412, { 'If-Match': '{etag-bare}' }),
  when(412, { 'If-Match': '"x{etag-bare}"' }),
  when(412, { 'If-Match': '"a", "b"' }),
  when(206, { ...range, 'If-Match': '{etag}' }),
  when(412, { ...range, 'If-Match': '"a"' }),
  when(412, { Range: 'bytes=99999999999999-', 'If-Match': '"a"' }),
  // If-None-Match: weak
  when(304, { 'If-None-Match': '{etag}' }),
  when(304, { 'If-None-Match': 'W/{etag}' }),
  when(304, { 'If-None-Match': '*' }),
  when(304, { 'If-None-Match': '"a", {etag}' }),
  when(304, { 'If-None-Match': '"a,b", W/{etag}' }),
  when(304, { ...range, 'If-None-Match': '{etag}' }),
  when(304, { Range: 'bytes=99999999999999-', 'If-None-Match': '*' }),
  when(200, { 'If-None-Match': '"a"' }),
  when(200, { 'If-None-Match': 'w/{etag}' }),
  when(200, { 'If-None-Match': '{etag-bare}' }),
  when(200, { 'If-None-Match': '"{etag-bare}x"' }),
  when(206, { ...range, 'If-None-Match': '"a"' }),
  // dates, in the three forms
  when(304, { 'If-Modified-Since': '{date}' }),
  when(304, { 'If-Modified-Since': '{after}' }),
  when(304, { 'If-Modified-Since': '{date-850}' }),
  when(304, { 'If-Modified-Since': '{date-asctime}' }),
  when(200, { 'If-Modified-Since': '{before}' }),
  when(200, { 'If-Modified-Since': 'Sun, 06 Nov 1994 08:49:37 GMT' }),
  when(200, { 'If-Unmodified-Since': '{date}' }),
  when(200, { 'If-Unmodified-Since': '{after}' }),
  when(200, { 'If-Unmodified-Since': '{date-850}' }),
  when(200, { 'If-Unmodified-Since': '{date-asctime}' }),
  when(412, { 'If-Unmodified-Since': '{before}' }),
  when(412, { 'If-Unmodified-Since': 'Sunday, 06-Nov-94 08:49:37 GMT' }),
  when(412, { 'If-Unmodified-Since': 'Sun Nov  6 08:49:37 1994' }),
  ...GARBAGE.map((text) => when(200, { 'If-Modified-Since': text })),
  ...GARBAGE.map((text) => when(200, { 'If-Unmodified-Since': text })),
  // in the order of RFC 9110 §13.2.2
  when(200, { 'If-Match': '{etag}', 'If-Unmodified-Since': '{before}' }),
  when(412, { 'If-Match': '"a"', 'If-Unmodified-Since': '{after}' }),
  when(200, { 'If-None-Match': '"a"', 'If-Modified-Since': '{date}' }),
  when(304, { 'If-None-Match': '{etag}', 'If-Modified-Since': '{before}' }),
  when(304, { 'If-Match': '{etag}', 'If-None-Match': '{etag}' }),
  when(412, { 'If-Match': '"a"', 'If-None-Match': '{etag}' }),
  when(412, { 'If-Unmodified-Since': '{before}', 'If-None-Match': '{etag}' }),
  when(412, { 'If-Unmodified-Since': '{before}', 'If-Modified-Since': '{date}' }),
  when(206, { ...range, 'If-Match': '{etag}', 'If-None-Match': '"a"', 'If-Range': '{etag}' }),
  // If-Range: our strong tag or exactly our date, else the whole
  when(206, { ...range, 'If-Range': '{etag}' }),
  when(206, { ...range, 'If-Range': '{date}' }),
  when(206, { ...range, 'If-Range': '{date-850}' }),
  when(206, { ...range, 'If-Range': '{date-asctime}' }),
  when(200, { ...range, 'If-Range': 'W/{etag}' }),
  when(200, { ...range, 'If-Range': '"a"' }),
  when(200, { ...range, 'If-Range': '{etag}, "a"' }),
  when(200, { ...range, 'If-Range': '*' }),
  when(200, { ...range, 'If-Range': '{etag-bare}' }),
  when(200, { ...range, 'If-Range': '{before}' }),
  when(200, { ...range, 'If-Range': '{after}' }),
  when(200, { ...range, 'If-Range': 'garbage' }),
  when(200, { ...range, 'If-Range': '' }),
  when(200, { Range: 'bytes=99999999999999-', 'If-Range': '"a"' }),
  when(416, { Range: 'bytes=99999999999999-', 'If-Range': '{etag}' }),
  when(200, { 'If-Range': '"a"' }),
  when(200, { 'If-Range': '{etag}' }),
]

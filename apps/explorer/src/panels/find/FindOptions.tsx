import type { ReactElement } from 'react'
import { FIND_KINDS, type FindOption } from '../../document/find_kinds.ts'
import type { FindQuery } from '../../state/search.ts'
import { Button } from '../../ui/Button.tsx'
import { Select } from '../../ui/Select.tsx'

/** The encodings that files are full of; programs may name any that `TextDecoder` knows. */
const ENCODINGS = [
  { value: 'utf-8', title: 'UTF-8' },
  { value: 'utf-16le', title: 'UTF-16 LE' },
  { value: 'utf-16be', title: 'UTF-16 BE' },
  { value: 'utf-32le', title: 'UTF-32 LE' },
  { value: 'utf-32be', title: 'UTF-32 BE' },
  { value: 'latin1', title: 'Latin-1' },
  { value: 'windows-1252', title: 'Windows-1252' },
  { value: 'windows-1251', title: 'Windows-1251' },
  { value: 'koi8-r', title: 'KOI8-R' },
  { value: 'shift_jis', title: 'Shift JIS' },
  { value: 'euc-jp', title: 'EUC-JP' },
  { value: 'euc-kr', title: 'EUC-KR' },
  { value: 'gb18030', title: 'GB 18030' },
  { value: 'big5', title: 'Big5' },
] as const

const NUMBER_TYPES = [
  { value: 'u8', title: 'u8' },
  { value: 'i8', title: 'i8' },
  { value: 'u16', title: 'u16' },
  { value: 'i16', title: 'i16' },
  { value: 'u32', title: 'u32' },
  { value: 'i32', title: 'i32' },
  { value: 'u64', title: 'u64' },
  { value: 'i64', title: 'i64' },
  { value: 'f16', title: 'f16' },
  { value: 'f32', title: 'f32' },
  { value: 'f64', title: 'f64' },
  { value: 'uleb128', title: 'uleb128' },
  { value: 'sleb128', title: 'sleb128' },
] as const

const BYTE_ORDERS = [
  { value: 'little', title: 'LE' },
  { value: 'big', title: 'BE' },
] as const

export interface FindOptionsProps {
  readonly query: FindQuery
  readonly onChange: (change: Partial<FindQuery>) => void
}

/** What the kind of search asks for beside the text. */
export function FindOptions({ query, onChange }: FindOptionsProps): ReactElement {
  return (
    <>
      {FIND_KINDS[query.kind].options.map((option) => {
        const Option = OPTIONS[option]
        return <Option key={option} query={query} onChange={onChange} />
      })}
    </>
  )
}

const OPTIONS: { readonly [Option in FindOption]: (props: FindOptionsProps) => ReactElement } = {
  encoding: ({ query, onChange }) => (
    <Select
      label="Encoding"
      value={query.encoding}
      options={ENCODINGS}
      data-testid="find-encoding"
      onChange={(encoding) => onChange({ encoding })}
    />
  ),
  case: ({ query, onChange }) => (
    <Button
      aria-pressed={!query.isCaseInsensitive}
      aria-label="Match case"
      title={query.isCaseInsensitive ? 'Match case: off, a finds A' : 'Match case: on, a does not find A'}
      data-testid="find-case"
      onClick={() => onChange({ isCaseInsensitive: !query.isCaseInsensitive })}
    >
      Aa
    </Button>
  ),
  'number-type': ({ query, onChange }) => (
    <Select
      label="Type of number"
      value={query.numberType}
      options={NUMBER_TYPES}
      data-testid="find-number-type"
      onChange={(numberType) => onChange({ numberType })}
    />
  ),
  'byte-order': ({ query, onChange }) => (
    <Select
      label="Byte order: little-endian (LE) or big-endian (BE)"
      value={query.isLittleEndian ? 'little' : 'big'}
      options={BYTE_ORDERS}
      data-testid="find-byte-order"
      disabled={/8$/.test(query.numberType)}
      onChange={(order) => onChange({ isLittleEndian: order === 'little' })}
    />
  ),
}

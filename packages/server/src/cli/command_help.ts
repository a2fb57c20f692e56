import type { Command, OptionRow } from './command.ts'

export const HELP_OPTION: OptionRow = { name: 'help', short: 'h', help: 'show this' }

export const NUMBERS_HELP =
  'Numbers read 0x1F, 31, 4k, 10M, 1.5Gi: k, M, G and T count in 1024s, with or without the i (10kB is refused, for it may mean thousands).'

const WIDTH = 100

/** A command's help, made of its table. */
export function commandHelp({ name, operands, description, options, notes }: Command): string {
  const rows = [...options, HELP_OPTION].map((row) => [optionTerm(row), row.help] as const)
  const width = Math.max(...rows.map(([term]) => term.length))
  const lines = rows.map(([term, help]) => `  ${term.padEnd(width)}  ${wrapped(help, width + 4)}`)
  const paragraphs = [`mapscope ${name} [OPTION…] ${operands}`, description, lines.join('\n'), notes, NUMBERS_HELP]
  return paragraphs
    .filter((text) => text !== undefined)
    .map((text) => (text.startsWith(' ') ? text : wrapped(text, 0)))
    .join('\n\n')
}

function optionTerm({ name, short, value }: OptionRow): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

/** Lines no longer than the width, the second and later ones indented. Breaks that are there stay. */
function wrapped(text: string, indent: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const parts: string[] = ['']
    for (const word of line.split(' ')) {
      const last = parts.at(-1) as string
      if (last !== '' && indent + last.length + 1 + word.length > WIDTH) parts.push(word)
      else parts[parts.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return parts
  })
  return lines.join(`\n${' '.repeat(indent)}`)
}

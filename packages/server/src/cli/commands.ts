import type { Command } from './command.ts'

/** A command that is loaded when it is asked for: what one needs, others need not wait for. */
export interface CommandRow {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'find',
    summary: 'find bytes, text, numbers or a regular expression',
    load: async () => (await import('./commands/find.ts')).FIND,
  },
  {
    name: 'strings',
    summary: 'list the texts in a file',
    load: async () => (await import('./commands/strings.ts')).STRINGS,
  },
  {
    name: 'hash',
    summary: 'hash a file, a range, or every chunk of it',
    load: async () => (await import('./commands/hash.ts')).HASH,
  },
  {
    name: 'entropy',
    summary: 'how random each block of a file is',
    load: async () => (await import('./commands/entropy.ts')).ENTROPY,
  },
  {
    name: 'diff',
    summary: 'what differs between two files',
    load: async () => (await import('./commands/diff.ts')).DIFF,
  },
  {
    name: 'identify',
    summary: 'what a file is, and what files are within it',
    load: async () => (await import('./commands/identify.ts')).IDENTIFY,
  },
  {
    name: 'audit',
    summary: 'check what a server has written down of itself',
    load: async () => (await import('./commands/audit.ts')).AUDIT,
  },
  {
    name: 'ls',
    summary: 'list what a running server serves',
    load: async () => (await import('./commands/ls.ts')).LS,
  },
  {
    name: 'open',
    summary: 'open a file in a running server, and print the link to it',
    load: async () => (await import('./commands/open.ts')).OPEN,
  },
  {
    name: 'info',
    summary: 'what a running server knows of a document',
    load: async () => (await import('./commands/info.ts')).INFO,
  },
]

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout, whatever folder a command was started in. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/** Things the commands fetch for themselves; never committed, safe to delete. */
export const toolsDirectory = path.join(root, '.tools')

export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

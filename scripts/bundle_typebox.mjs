// Puts what packages/protocol/src/typebox.ts takes from TypeBox into dist/typebox.js, in place of the compiler's three lines: one file to load, not
// 683. The types still come from the package, which is why it stays a dependency. Part of protocol's `build`.
import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'rolldown'
import { root } from './lib/root.mjs'

const protocol = path.join(root, 'packages/protocol')

await build({
  input: path.join(protocol, 'src/typebox.ts'),
  platform: 'neutral',
  output: {
    file: path.join(protocol, 'dist/typebox.js'),
    format: 'esm',
    banner: '/*! TypeBox, MIT: its licence is beside this file, in typebox.LICENSE. */',
  },
})
// The compiler's, of three lines that are no longer there.
rmSync(path.join(protocol, 'dist/typebox.js.map'), { force: true })
copyFileSync(path.join(protocol, 'node_modules/typebox/license'), path.join(protocol, 'dist/typebox.LICENSE'))

/**
 * TypeBox, for all of ours: the only file that names it. Its own modules are 683 files, and loading them took over a quarter of a server's start; the build
 * puts what these lines reach into this file (scripts/bundle_typebox.mjs), so that it is one.
 */
export type { Static, TSchema } from 'typebox'
export { default as Type } from 'typebox'
export { Compile } from 'typebox/compile'
export { Value } from 'typebox/value'

import { makeConsumer } from './consumer.mjs'

/**
 * The tarballs of native and core, packed and installed once for all files that try them; each takes a copy. Before any test, for some put
 * files into the packages' folders that are in no tarball.
 */
export default async function setUp(project) {
  const { folder, tarballs, remove } = await makeConsumer('native', 'core')
  project.provide('consumer', { folder, tarballs })
  return remove
}

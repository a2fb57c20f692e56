import { createRequire } from 'node:module'

const [addon, name] = process.argv.slice(2)
createRequire(import.meta.url)(addon)[name]()
console.log('survived')

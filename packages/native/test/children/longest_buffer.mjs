import { constants } from 'node:buffer'

console.log(JSON.stringify(constants.MAX_LENGTH))

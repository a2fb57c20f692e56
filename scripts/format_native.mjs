// `pnpm format`, its C++ half.
import { formatNative } from './lib/native_format.mjs'

process.stdout.write(await formatNative({ isWriting: true }))

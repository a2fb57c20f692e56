import { ARCHIVE_FORMATS } from './archive_formats.ts'
import { DISK_FORMATS } from './disk_formats.ts'
import { DOCUMENT_FORMATS } from './document_formats.ts'
import type { Format } from './format.ts'
import { IMAGE_FORMATS } from './image_formats.ts'
import { MEDIA_FORMATS } from './media_formats.ts'
import { PROGRAM_FORMATS } from './program_formats.ts'

/** Every format that is known, best known first where several fit one place. One more is a row in its family's file. */
export const FORMATS: readonly Format[] = [
  ...IMAGE_FORMATS,
  ...ARCHIVE_FORMATS,
  ...PROGRAM_FORMATS,
  ...MEDIA_FORMATS,
  ...DOCUMENT_FORMATS,
  ...DISK_FORMATS,
]

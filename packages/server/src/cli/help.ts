import { SERVE_SETTINGS } from '../settings/serve_settings.ts'
import type { SettingRow } from '../settings/setting.ts'
import { COMMANDS } from './commands.ts'

const SUMMARIES = COMMANDS.map(({ name, summary }) => `  mapscope ${name.padEnd(10)} ${summary}`).join('\n')

const OPTIONS = Object.values<SettingRow<unknown>>(SERVE_SETTINGS)
  .filter(({ flag }) => flag !== undefined)
  .map(({ flag, value, help }) => row(`--${flag}${value === undefined ? '' : ` ${value}`}`, help))

export const HELP: string = `mapscope serve PATH…     look into files of any size, in a browser

${row('PATH…', SERVE_SETTINGS.paths.help)}

${OPTIONS.join('\n')}
${row('--config FILE', 'settings, as JSON; also from the environment (docs/operating.md)')}
${row('--print-config', 'print the settings as they would be used, and where each is from')}

Without a browser, each with --help of its own:

${SUMMARIES}

mapscope --help | --version

Open the link that is printed: without its token nothing is served. Ctrl-C ends it.
`

function row(term: string, help: string): string {
  return `  ${term.padEnd(22)} ${help}`
}

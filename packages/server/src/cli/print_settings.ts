import type { ReadSettings } from '../settings/read_settings.ts'
import { SERVE_SETTINGS, SETTING_NAMES, type SettingName } from '../settings/serve_settings.ts'
import type { SettingOrigin } from '../settings/setting.ts'

/** What can be given to `--config` goes to standard output; where each value is from, to standard error. */
export function printSettings({ settings, origins }: ReadSettings): void {
  process.stdout.write(`${JSON.stringify(settings, null, 2)}\n`)
  const width = Math.max(...SETTING_NAMES.map((name) => name.length))
  for (const name of SETTING_NAMES) {
    process.stderr.write(`${name.padEnd(width)}  ${placeOf(name, origins[name])}\n`)
  }
}

function placeOf(name: SettingName, origin: SettingOrigin): string {
  const { flag, env } = SERVE_SETTINGS[name]
  switch (origin) {
    case 'flag':
      return flag === undefined ? 'the line' : `--${flag}`
    case 'env':
      return env
    case 'file':
      return 'the file'
    case 'default':
      return 'default'
  }
}

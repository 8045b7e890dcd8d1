import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openBrowser } from '../../src/cli/open-browser.ts'
import { emptyFolder } from './call.ts'

it.each([
  ['linux', 'xdg-open', ''],
  ['darwin', 'open', ''],
  ['win32', 'rundll32', 'url.dll,FileProtocolHandler '],
] as const)('opens an address on %s, none of it read by a shell', async (platform, program, before) => {
  const folder = emptyFolder()
  const [opener, told] = [join(folder, program), join(folder, 'told')]
  writeFileSync(opener, `#!/bin/sh\necho "$@" > ${told}.new && mv ${told}.new ${told}\n`)
  chmodSync(opener, 0o755)
  const url = 'http://127.0.0.1:8788/?token=a;b&c=$(d)'
  expect(await openBrowser(url, { PATH: `${folder}:/usr/bin:/bin` }, platform)).toBe(true)
  for (let tries = 0; tries < 100 && !existsSync(told); tries += 1) await pause(50)
  expect(readFileSync(told, 'utf8')).toBe(`${before}${url}\n`)
})

it('says so where nothing opens one', async () => {
  expect(await openBrowser('http://127.0.0.1:8788/', { PATH: emptyFolder() }, 'linux')).toBe(false)
})

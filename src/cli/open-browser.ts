import { spawn } from 'node:child_process'
import type { Variables } from '../config/environment.ts'

/** What opens an address on a platform, by its program and arguments; the address comes last. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens the address in the reader's browser, without a shell. False when there is nothing that opens it, which is no error. */
export function openBrowser(
  url: string,
  env: Variables,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const [program, ...args] = openers[platform] ?? ['xdg-open']
  return new Promise((resolve) => {
    try {
      const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore', env })
      child.once('error', () => resolve(false))
      child.once('spawn', () => resolve(true))
      child.unref()
    } catch {
      // no more processes, or an address that cannot be an argument
      resolve(false)
    }
  })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fetchSail } from '../delta/install.js'
import { cacheFolder } from './spark-server.js'

// ends with us, however we end
const program = `
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer(ip="127.0.0.1", port=0)
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
server.stop()
`

/** A server of Sail that answers. */
export interface SailServer {
  readonly url: string
  stop(): Promise<void>
}

/** The Python that has Sail, fetched when it is not there; `missing` says why it cannot be had. */
export const findSail = (): ReturnType<typeof fetchSail> => fetchSail(cacheFolder())

/** Starts Sail on a free port of loopback. */
export async function startSail(python: string): Promise<SailServer> {
  const child = spawn(python, ['-c', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, RUST_LOG: 'error' },
  })
  const ended = once(child, 'exit')
  const line = once(createInterface({ input: child.stdout }), 'line')
  const [port] = await Promise.race([line, ended.then(() => [])])
  if (port === undefined) throw new Error('Sail did not start')
  return {
    url: `sc://127.0.0.1:${port}`,
    async stop() {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    },
  }
}

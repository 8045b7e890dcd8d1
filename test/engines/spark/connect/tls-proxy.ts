import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import tls from 'node:tls'
import type { Certificate } from './certificate.ts'

/** What stands before a server that speaks no TLS itself, and speaks it for it. */
export interface TlsProxy extends AsyncDisposable {
  readonly port: number
  /** How many connections there were, those that came to nothing too. */
  readonly connections: () => number
}

/** Takes TLS on a port of loopback and hands on what comes, in the clear, to `port`. */
export async function openTlsProxy(port: number, { cert, key }: Certificate): Promise<TlsProxy> {
  const sockets = new Set<Socket>()
  let connections = 0
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  }
  const server = tls.createServer({ cert, key, ALPNProtocols: ['h2'] }, (from) => {
    const to = net.connect(port, '127.0.0.1')
    keep(to)
    from.on('error', () => to.destroy()).on('close', () => to.destroy())
    to.on('close', () => from.destroy())
    from.pipe(to).pipe(from)
  })
  server.on('connection', (socket: Socket) => {
    connections += 1
    keep(socket)
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

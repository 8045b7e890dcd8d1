import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { ConfigError, StoppedError } from '../errors.ts'
import { version } from '../version.ts'
import { errorAnswer, told } from './answer-error.ts'
import { buildApi, type ApiParts } from './api.ts'
import { chooseToken, isLocal, localHost, onlyHost, onlyReads, onlyWithToken, withHeaders } from './security.ts'
import { Serving, type ServingOptions } from './serving.ts'

/** Where the dashboard listens and who may see it. */
export interface DashboardOptions extends ServingOptions, Omit<ApiParts, 'serving' | 'version'> {
  /** 0 takes one that is free; 8788 by default. */
  readonly port?: number | undefined
  /** Address to bind, 127.0.0.1 by default. With another one a token is asked for. */
  readonly host?: string | undefined
  /** Asked of every request; without one it is made where other machines reach the server. */
  readonly token?: string | undefined
  /** Folder of the built pages. */
  readonly pages?: string | undefined
}

/** A dashboard that is running. */
export interface Dashboard {
  /** Address to open, with the token if one is asked for. */
  readonly url: string
  readonly port: number
  /** Stops listening and lets go of the lake; what is being answered is stopped. */
  close(): Promise<void>
}

/** The port of `movielake serve`. */
export const defaultPort = 8788

const builtPages = fileURLToPath(new URL('../../dist/dashboard/client', import.meta.url))

/** Serves the dashboard. Throws ConfigError when the port is taken or the address not of this machine, TableError when nothing is published. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { port = defaultPort, host = localHost } = options
  const token = chooseToken(host, options.token)
  const serving = await Serving.open(options)
  try {
    const app = buildApp({ ...options, serving, version }, host, token)
    const server = await listen(app, port, host)
    const address = server.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    return { url: urlOf(host, bound, token), port: bound, close: () => close(server, serving) }
  } catch (error) {
    await serving.close()
    throw error
  }
}

function buildApp(parts: ApiParts & DashboardOptions, host: string, token: string | undefined): Hono {
  const { onError, pages = builtPages } = parts
  const app = new Hono()
  app.use(withHeaders, onlyReads, onlyHost(host))
  // for who watches over the server and has no token: it says nothing of the lake
  app.get('/healthz', (c) => c.text('ok'))
  if (token !== undefined) app.use(onlyWithToken(token))
  app.route('/api', buildApi(parts))
  app.all('/api/*', (c) => c.json(told('there is nothing at this address', null), 404))
  app.use('/assets/*', async (c, next) => {
    await next()
    // their names change with what is in them
    if (c.res.status === 200) c.res.headers.set('Cache-Control', 'public, max-age=31536000, immutable')
  })
  // it would print that there are none
  if (existsSync(pages)) app.use(serveStatic({ root: pages }))
  app.get('*', (c) => {
    if (/\.[a-z0-9]+$/i.test(c.req.path)) return c.json(told('there is nothing at this address', null), 404)
    const page = readPage(join(pages, 'index.html'))
    return page === undefined ? c.text('the pages are not built: npm run build', 503) : c.html(page)
  })
  app.onError((error, c) => {
    const isGone = c.req.raw.signal.aborted
    const { status, body } = errorAnswer(isGone ? new StoppedError('the client has gone') : error)
    if (status === 500) onError?.(error)
    if (status === 503) c.header('Retry-After', '1')
    // 499 is not in the list of statuses of the standard
    return c.json(body, status === 499 ? 503 : status)
  })
  return app
}

function readPage(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // not built
    return undefined
  }
}

async function listen(app: Hono, port: number, host: string): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    createServer,
    serverOptions: {
      // who sends slowly is let go
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 16_384,
    },
  }) as Server
  // and so is who reads slowly; events beat more often
  server.setTimeout(30_000)
  server.maxConnections = 512
  server.listen(port, host)
  try {
    await once(server, 'listening')
    return server
  } catch (cause) {
    throw listenError(cause, port, host)
  }
}

function listenError(cause: unknown, port: number, host: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE')
    return new ConfigError(`port ${port} is taken`, { cause, hint: 'choose another: --port 8789, or --port 0 for any' })
  if (code === 'EACCES')
    return new ConfigError(`port ${port} may not be used`, { cause, hint: 'choose one above 1024' })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ConfigError(`${host} is no address of this machine`, {
      cause,
      hint: '--host 0.0.0.0 listens on all of them',
    })
  return cause
}

async function close(server: Server, serving: Serving): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await serving.close()
  server.closeAllConnections()
  await closed
}

function urlOf(host: string, port: number, token: string | undefined): string {
  const shown = isLocal(host) || ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  const name = host === '127.0.0.1' ? host : shown.includes(':') ? `[${shown}]` : shown
  return `http://${name}:${port}/${token === undefined ? '' : `?token=${token}`}`
}

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { gzipSync } from 'node:zlib'
import { ConfigError } from '../../../errors.ts'
import { buildDay, readCatalogue, type Catalogue } from './catalogue.ts'
import { chooseTrouble, type Misbehaviour, type Trouble } from './misbehave.ts'
import { RequestLog, type RequestCounts } from './request-log.ts'
import { buildExport, reply, type Shelf } from './routes.ts'
import { errorReply, replyForStatus, type Reply } from './tmdb-errors.ts'

/** How the sample server is to behave; everything has a default. */
export interface SampleServerOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined
  /** 127.0.0.1 by default. */
  readonly host?: string | undefined
  /** `YYYY-MM-DD`, the day it pretends to be; without it, today, and the newest facts. */
  readonly date?: string | undefined
  readonly misbehave?: Misbehaviour | undefined
  /** The only key it accepts, as bearer token or api_key; without it any key is accepted. A request without a key is refused. */
  readonly token?: string | undefined
  /** More requests than this in one second are answered 429; no limit by default. */
  readonly ratePerSecond?: number | undefined
  /** Told of every answer; paths come without keys. It must not throw. */
  readonly log?: ((entry: { readonly path: string; readonly status: number }) => void) | undefined
}

/** A running sample server. */
export interface SampleServer {
  /** `http://host:port`, to be given to `openTmdb` as baseUrl; where it listens on all addresses, the host is this machine's name. */
  readonly url: string
  readonly requests: RequestCounts
  /** Days on which its facts change, ascending. */
  readonly days: readonly string[]
  /** From the next request on it is this day. Throws ConfigError for a day before the catalogue's first. */
  setDate(date: string): void
  /** From the next request on these rules hold; requests are not numbered anew. */
  setMisbehaviour(rules: Misbehaviour): void
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

/**
 * A server on loopback that answers as TMDB's version 3 does, from the catalogue in the package: about 400 films, facts only.
 * Throws ConfigError for a date outside the catalogue or a port that is taken.
 */
export async function startSampleServer(options: SampleServerOptions = {}): Promise<SampleServer> {
  const catalogue = await readCatalogue()
  const log = new RequestLog()
  let rules = options.misbehave ?? []
  const shelfOf = (today: string): Shelf => ({ catalogue, today, day: buildDay(catalogue, today) })
  let shelf = shelfOf(options.date ?? newestDay(catalogue))
  const server = createServer((request, response) => {
    const url = targetOf(request.url)
    const facts = log.record(url.pathname)
    answer(
      { request, response, url, shelf, options, requestsThisSecond: log.counts.thisSecond },
      chooseTrouble(rules, facts),
    )
    response.on('finish', () => {
      log.recordStatus(response.statusCode)
      options.log?.({ path: withoutKey(url), status: response.statusCode })
    })
  })
  const host = options.host ?? '127.0.0.1'
  server.listen(options.port ?? 0, host)
  await once(server, 'listening').catch((cause: unknown) => {
    throw new ConfigError(`sample server: cannot listen on ${host}:${options.port ?? 0}`, { cause })
  })
  return {
    url: urlOf(host, server.address()),
    requests: log.counts,
    days: catalogue.days,
    setDate: (date) => void (shelf = shelfOf(date)),
    setMisbehaviour: (next) => void (rules = next),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

// a client may send what is no URL, such as //, and the server answers it as a path it does not have
function targetOf(target = '/'): URL {
  return new URL(URL.canParse(target, 'http://sample') ? target : '/', 'http://sample')
}

// today, or the last day of the catalogue where the clock is behind it
function newestDay({ days }: Catalogue): string {
  const today = new Date().toISOString().slice(0, 10)
  const last = days.at(-1) ?? today
  return today > last ? today : last
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly shelf: Shelf
  readonly options: SampleServerOptions
  readonly requestsThisSecond: number
}

function answer(exchange: Exchange, trouble: Trouble | undefined): void {
  const { response } = exchange
  if (trouble === undefined) return answerRightly(exchange)
  switch (trouble.kind) {
    case 'hang':
      return
    case 'drop':
      return void response.destroy()
    case 'slow': {
      const timer = setTimeout(() => answerRightly(exchange), trouble.waitMs)
      return void response.on('close', () => clearTimeout(timer))
    }
    case 'status': {
      const after = trouble.retryAfter === 'date' ? new Date(Date.now() + 1000).toUTCString() : trouble.retryAfter
      return send(exchange, replyForStatus(trouble.status), after === undefined ? {} : { 'retry-after': String(after) })
    }
    case 'success_false':
      return send(exchange, { ...errorReply('internal'), status: 200 })
    default:
      return answerWrongly(exchange, trouble.kind)
  }
}

function answerRightly(exchange: Exchange): void {
  const { url, shelf } = exchange
  const exported = /^\/p\/exports\/movie_ids_(\d\d_\d\d_\d{4})\.json\.gz$/.exec(url.pathname)?.[1]
  const lines = exported === undefined ? undefined : buildExport(shelf, exported)
  if (lines === undefined) return send(exchange, rightReply(exchange))
  exchange.response.writeHead(200, { 'content-type': 'application/gzip' }).end(gzipSync(lines))
}

function rightReply({ request, url, shelf, options, requestsThisSecond }: Exchange): Reply {
  if (request.method !== 'GET') return errorReply('method')
  if (url.pathname.startsWith('/p/')) return errorReply('notFound')
  const key = url.searchParams.get('api_key') ?? /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (key === '' || (options.token !== undefined && key !== options.token)) return errorReply('invalidKey')
  if (requestsThisSecond > (options.ratePerSecond ?? Infinity)) return errorReply('rate')
  return reply(shelf, url.pathname, url.searchParams)
}

function answerWrongly(exchange: Exchange, kind: 'cut' | 'not_json' | 'wrong_movie'): void {
  const { status, body } = rightReply(exchange)
  if (kind === 'wrong_movie') return send(exchange, { status, body: withNextId(body) })
  const text = Buffer.from(JSON.stringify(body))
  const half = text.subarray(0, Math.floor(text.length / 2))
  const { response } = exchange
  const length = kind === 'cut' ? text.length : half.length
  response.writeHead(200, { 'content-type': 'application/json;charset=utf-8', 'content-length': length })
  if (kind === 'not_json') return void response.end(half)
  response.write(half, () => response.destroy())
}

function withNextId(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'id' in body ? { ...body, id: Number(body.id) + 1 } : body
}

function send({ request, response }: Exchange, { status, body }: Reply, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body)
  const etag = `W/"${createHash('md5').update(text).digest('hex')}"`
  if (status === 200 && request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
  const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const bytes = packed ? gzipSync(text) : Buffer.from(text)
  response.writeHead(status, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': bytes.length,
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
    ...(status === 200 ? { etag } : {}),
    vary: 'accept-encoding',
    ...headers,
  })
  response.end(bytes)
}

function withoutKey(url: URL): string {
  const query = new URLSearchParams(url.searchParams)
  query.delete('api_key')
  return query.size === 0 ? url.pathname : `${url.pathname}?${query}`
}

function urlOf(host: string, address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  const port = typeof address === 'object' ? address?.port : undefined
  const isAnywhere = host === '0.0.0.0' || host === '::'
  const name = isAnywhere ? hostname() : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { ConfigError } from '../errors.ts'
import { told } from './answer-error.ts'

const local = ['localhost', '127.0.0.1', '[::1]']
const anywhere = ['0.0.0.0', '::']
const leastTokenLength = 16
const mostUrlLength = 8192

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
}

/** The address that is bound when nothing is said. */
export const localHost = '127.0.0.1'

/** Whether only this machine reaches the address. */
export const isLocal = (host: string): boolean => ['localhost', localHost, '::1'].includes(host)

/** The token that is asked for: the one given, a new one where other machines reach the server, else undefined. Throws ConfigError for one that could be guessed. */
export function chooseToken(host: string, given: string | undefined): string | undefined {
  if (given === undefined) return isLocal(host) ? undefined : randomBytes(24).toString('base64url')
  if (given.length >= leastTokenLength && /^[\w.~-]+$/.test(given)) return given
  throw new ConfigError(
    `token: ${given.length} characters, at least ${leastTokenLength} of A-Z a-z 0-9 . _ ~ - are needed`,
    {
      hint: 'leave it out: one is made and printed',
    },
  )
}

/** Lays the security headers on every answer, those that refuse included. */
export const withHeaders: MiddlewareHandler = async (c, next) => {
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  await next()
}

/** Refuses what is no reading of a short address. */
export const onlyReads: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    c.header('Allow', 'GET, HEAD')
    return c.json(told(`${c.req.method} is not answered`, 'the dashboard only reads'), 405)
  }
  if (c.req.url.length > mostUrlLength)
    return c.json(told(`the address is longer than ${mostUrlLength} characters`, 'choose fewer filters'), 414)
  return next()
}

/** Refuses requests that were meant for another host: a page elsewhere whose name was pointed at this machine. */
export function onlyHost(host: string): MiddlewareHandler {
  const named = host.includes(':') ? `[${host}]` : host
  const known = new Set(
    [...local, named, ...(anywhere.includes(host) ? ownNames() : [])].map((name) => name.toLowerCase()),
  )
  return async (c, next) => {
    const asked = (c.req.header('host') ?? '').toLowerCase().replace(/:\d{1,5}$/, '')
    if (known.has(asked)) return next()
    return c.json(told('this host is not served here', 'open the address that movielake serve has printed'), 403)
  }
}

const ownNames = (): readonly string[] => [
  hostname(),
  ...Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ),
]

/** Asks for the token: as bearer, as `?token=`, which is kept as a cookie of this port and taken out of the address, or as that cookie. */
export function onlyWithToken(token: string): MiddlewareHandler {
  // the cookie is not the token: who reads one does not have the other
  const session = createHash('sha256').update(`session ${token}`).digest('base64url')
  return async (c, next) => {
    const url = new URL(c.req.url)
    const cookie = cookieName(url)
    const asked = url.searchParams.get('token')
    if (asked !== null && isSame(asked, token)) {
      setCookie(c, cookie, session, { httpOnly: true, sameSite: 'Strict', path: '/' })
      url.searchParams.delete('token')
      return c.redirect(`${url.pathname}${url.search}`, 303)
    }
    if (isSame(bearerOf(c), token) || isSame(getCookie(c, cookie) ?? '', session)) return next()
    c.header('WWW-Authenticate', 'Bearer realm="movielake"')
    return c.json(told('a token is needed', 'open the address that movielake serve has printed, with its token'), 401)
  }
}

// cookies are shared by all ports of a host
const cookieName = ({ port }: URL): string => (port === '' ? 'movielake' : `movielake-${port}`)

const bearerOf = (c: Context): string => /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''

/** Takes the same time wherever the texts differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

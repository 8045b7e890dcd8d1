import { ConfigError } from '../../errors.ts'

/** A key of TMDB: a v4 read access token, sent as a header, or a v3 key, sent in the query. */
export type Credential = { readonly bearer: string } | { readonly apiKey: string }

/**
 * What kind of key `token` is: 32 hexadecimal digits are a v3 key, a JSON Web Token (`eyJ…`) is a v4 read access token.
 * Throws ConfigError for anything else, without repeating it.
 */
export function credentialOf(token: string): Credential {
  const text = token.trim().replace(/^Bearer\s+/i, '')
  if (/^[0-9a-f]{32}$/i.test(text)) return { apiKey: text }
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return { bearer: text }
  throw new ConfigError(`tmdb key: ${text.length} characters that are neither a v3 key nor a v4 token`, {
    hint: 'set TMDB_TOKEN to a v4 read access token (eyJ…) or a v3 key of 32 hexadecimal digits',
  })
}

/** The text of a credential. */
export function secretOf(credential: Credential): string {
  return 'bearer' in credential ? credential.bearer : credential.apiKey
}

/**
 * `text` with everything that looks like a key of TMDB replaced by `[redacted]`: the given secret wherever it stands,
 * JSON Web Tokens, what follows `Bearer`, and values of `api_key`.
 */
export function redact(text: string, secret?: string): string {
  const known = secret === undefined || secret === '' ? text : text.replaceAll(secret, '[redacted]')
  return known
    .replace(/eyJ[\w-]{5,}(\.[\w-]+)*/g, '[redacted]')
    .replace(/\b(bearer\s+)[^\s"',;[]+/gi, '$1[redacted]')
    .replace(/(\bapi_key["']?\s*[=:]\s*["']?)[^\s&"'#[]+/gi, '$1[redacted]')
}

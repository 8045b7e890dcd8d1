import { secretNames } from '../config/config.ts'
import { settings } from '../config/keys.ts'
import type { Context } from './context.ts'
import { padded } from './text-table.ts'

/** Prints every setting, a secret only as set or not set. */
export async function configShow(
  context: Context,
  { origins: isWithOrigins = false }: { origins?: boolean },
): Promise<number> {
  const { config, secrets, origins, file } = await context.settings()
  const secret = {
    TMDB_TOKEN: secrets.token,
    TMDB_API_KEY: secrets.apiKey,
    SPARK_CONNECT_TOKEN: secrets.sparkToken,
  }
  const shownSecrets = Object.values(secretNames).map(
    (name) => [name, secret[name] === undefined ? 'not set' : 'set'] as const,
  )
  if (context.flags.json === true) {
    const document = { config, secrets: Object.fromEntries(shownSecrets), file: file ?? null }
    context.json(isWithOrigins ? { ...document, origins } : document)
    return 0
  }
  const { line, styled } = context.out
  const shown = [...settings.keys()].map((key) => [key, JSON.stringify(valueAt(config, key))] as const)
  const rows = [...shown, ...shownSecrets].map(([key, value]) => ({ key, value, origin: origins[key] ?? '' }))
  for (const { key, value, origin } of rows) {
    const text = isWithOrigins
      ? `${padded(value, 30)}  ${styled(origin === 'default' ? 'dim' : 'cyan', origin)}`
      : value
    line(`${padded(key, 30)}  ${text}`.trimEnd())
  }
  return 0
}

function valueAt(config: object, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      config,
    )
}

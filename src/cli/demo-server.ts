import { once } from 'node:events'
import type { Context } from './context.ts'

interface Flags {
  readonly port: number
  readonly host: string
  readonly date?: string
  readonly rate?: number
  readonly token?: string
  readonly fail?: string
}

/** Serves the sample films until it is stopped, which is its proper end. */
export async function demoServer(context: Context, { port, host, date, rate, token, fail }: Flags): Promise<number> {
  const { parseMisbehaviour, startSampleServer } = await import('../sources/tmdb/index.ts')
  const { out, err, flags, io } = context
  const { config } = await context.settings()
  const server = await startSampleServer({
    port,
    host,
    date: date ?? config.sample.date ?? undefined,
    token,
    ratePerSecond: rate,
    misbehave: fail === undefined ? undefined : parseMisbehaviour(fail),
    log: ({ path, status }) => {
      if (flags.quiet !== true)
        err.line(flags.logFormat === 'json' ? JSON.stringify({ path, status }) : `${status} ${path}`)
    },
  })
  if (flags.json === true) context.json({ url: server.url, days: server.days })
  else {
    out.line(`sample films at ${server.url}/3`)
    out.line(`their facts change on ${server.days.join(', ')}`)
    out.line('to use it, elsewhere:')
    if (token === undefined) out.line(`  export MOVIELAKE__SAMPLE__BASE_URL=${server.url}/3`)
    else {
      out.line(`  export MOVIELAKE__TMDB__BASE_URL=${server.url}/3`)
      out.line(`  export TMDB_API_KEY=${token}`)
    }
    out.line('  movielake run')
  }
  if (!io.signal.aborted) await once(io.signal, 'abort')
  await server.close()
  return 0
}

import { once } from 'node:events'
import type { Context } from './context.ts'
import { openBrowser } from './open-browser.ts'

interface Flags {
  readonly port: number
  readonly host: string
  readonly token?: string
  readonly open?: boolean
}

/** Serves the dashboard until it is stopped, which is its proper end. */
export async function serve(context: Context, { port, host, token, open = false }: Flags): Promise<number> {
  const { out, err, flags, io } = context
  const lake = await context.lake()
  const given = token ?? io.env['MOVIELAKE_SERVE_TOKEN']
  const dashboard = await lake.serve({
    port,
    host,
    ...(given !== undefined && given !== '' && { token: given }),
    onError: (error) => err.line(`dashboard: ${error instanceof Error ? error.message : String(error)}`),
  })
  if (flags.json === true) context.json({ url: dashboard.url, port: dashboard.port })
  else out.line(`dashboard at ${dashboard.url}`)
  if (open && !(await openBrowser(dashboard.url, io.env)))
    err.line('nothing here opens a browser: open the address yourself')
  if (flags.quiet !== true && flags.json !== true) err.line('Ctrl-C ends it')
  if (!io.signal.aborted) await once(io.signal, 'abort')
  await dashboard.close()
  return 0
}

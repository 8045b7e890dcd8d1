import { onTestFinished } from 'vitest'
import { startSampleServer, type SampleServer, type SampleServerOptions } from '../../../src/sources/tmdb/index.ts'

/** A sample server that is closed when the test ends. */
export async function startSample(options: SampleServerOptions = {}): Promise<SampleServer> {
  const server = await startSampleServer(options)
  onTestFinished(() => server.close())
  return server
}

/** Status, headers and parsed body of a GET with a key. */
export async function ask<Body = Record<string, unknown>>(
  server: SampleServer,
  path: string,
  headers: Record<string, string> = { authorization: 'Bearer any' },
): Promise<{ status: number; headers: Headers; text: string; body: Body }> {
  const response = await fetch(`${server.url}${path}`, { headers })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text === '' ? {} : JSON.parse(text)) as Body,
  }
}

#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { StoppedError } from '../errors.ts'
import { main, outputClosed } from './command-line.ts'

const stopping = new AbortController()

function stop(signal: 'SIGINT' | 'SIGTERM'): void {
  // the second time nothing is waited for
  if (stopping.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143)
  process.stderr.write('stopping; once more to leave at once\n')
  stopping.abort(new StoppedError(`stopped by ${signal}`, { signal }))
}

process.on('SIGINT', () => stop('SIGINT'))
process.on('SIGTERM', () => stop('SIGTERM'))
process.on('SIGHUP', () => stop('SIGTERM'))
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  // whoever read us, such as head, has enough
  stopping.abort(outputClosed)
})
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  readStdin: () => text(process.stdin),
  env: process.env,
  cwd: process.cwd(),
  signal: stopping.signal,
  now: Date.now,
})
// what is left open, such as an idle connection, shall not keep us; but what was written must have gone out
process.stdout.write('', () => process.exit(exitCode))

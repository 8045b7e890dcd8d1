import { LakeError, StoppedError } from '../errors.ts'

/** What the command line says of an error, and the exit code it ends with. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly hint: string | undefined
  readonly exitCode: number
  /** True when the error was not thrown on purpose. */
  readonly isBug: boolean
}

const disk: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room and run the same command again; what was committed is kept',
  EDQUOT: 'the quota of this user is used up: make room and run the same command again',
  EACCES: 'this user may not do that: change the permissions, or name another folder with --lake',
  EPERM: 'this user may not do that: change the permissions, or name another folder with --lake',
  ENOTDIR: 'there is a file where a folder is needed: name another folder with --lake',
  EROFS: 'the disk is read-only: name another folder with --lake',
  EMFILE: 'too many files are open: raise the limit with ulimit -n',
  EADDRINUSE: 'something else listens there: choose another port with --port',
}

/** An error as it is told. One that comes from being stopped is told as that, whatever its class. */
export function failureOf(error: unknown, signal: AbortSignal): Failure {
  const known = signal.aborted && signal.reason instanceof StoppedError ? signal.reason : error
  if (known instanceof LakeError)
    return { name: known.name, message: known.message, hint: known.hint, exitCode: known.exitCode, isBug: false }
  const message = known instanceof Error ? known.message : String(known)
  const name = known instanceof Error ? known.name : 'Error'
  const remedy = disk[codeOf(known) ?? '']
  if (remedy !== undefined) return { name, message, hint: remedy, exitCode: 1, isBug: false }
  return {
    name,
    message,
    hint: 'this is a bug in movielake; --debug shows where it happened',
    exitCode: 1,
    isBug: true,
  }
}

/** The message without the secrets, wherever they stand in it. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 4)
    .reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
    .replaceAll(/(api_key=|bearer )[^\s&"']+/gi, '$1[redacted]')
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** A server under test; everything it writes lies in its folder. */
export interface SparkServer {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly logFile: string
  stop(): Promise<void>
  kill(): Promise<void>
  leave(): void
}
export interface StartOptions {
  readonly folder: string
  readonly jars: readonly string[]
  readonly port?: number
  readonly memory?: string
  readonly cores?: number
  readonly token?: string
  readonly settings?: Readonly<Record<string, string | number>>
  readonly hasDelta?: boolean
  readonly isQuick?: boolean
  readonly waitMs?: number
}
export function startSpark(options: StartOptions): Promise<SparkServer>
export function cacheFolder(): string

import type { LakeEvent, Listener } from '../pipeline/events.ts'
import { counted, formatDuration } from '../report/numbers.ts'
import type { Terminal } from './terminal.ts'
import { cutTo, padded } from './text-table.ts'

/** How much is told: all, or not every progress, or warnings and failures, or failures alone. */
export type Level = 'debug' | 'info' | 'warn' | 'error'

/** Tells on stderr what a run does. */
export interface Reporter {
  readonly on: Listener
  /** Takes the progress bars away; called when the command ends, however it ends. */
  close(): void
}

interface Step {
  readonly name: string
  readonly startedMs: number
  readonly unit: string
  done: number
  total: number | undefined
  note: string | undefined
  toldMs: number
}

type Of<T extends LakeEvent['type']> = Extract<LakeEvent, { type: T }>

/** Events as JSON, one a line; progress of a step at most once a second, unless `debug` asks for all. */
export function openJsonReporter(terminal: Terminal, level: Level): Reporter {
  const told = new Map<string, number>()
  const isDue = (event: LakeEvent): boolean => {
    if (event.type !== 'step.progress' || level === 'debug') return weightOf(event) >= weights[level]
    const at = Date.parse(event.at)
    if (weights[level] > weights.info || at - (told.get(event.step) ?? -Infinity) < 1000) return false
    told.set(event.step, at)
    return true
  }
  return { on: (event) => isDue(event) && terminal.line(JSON.stringify(event)), close: () => undefined }
}

/** Events for people: progress bars below finished steps on a terminal, plain lines anywhere else. */
export function openTextReporter(terminal: Terminal, level: Level, now: () => number): Reporter {
  const steps = new Map<string, Step>()
  const bars = openBars(terminal, () => [...steps.values()].map((step) => barOf(step, now(), terminal)))
  const tell = (event: LakeEvent, text: string): void =>
    terminal.isLive ? bars.above(text) : terminal.line(`${terminal.styled('dim', event.at.slice(11, 19))} ${text}`)

  const start = ({ step: name, total, unit = 'rows', at }: Of<'step.started'>): void => {
    steps.set(name, { name, startedMs: Date.parse(at), unit, done: 0, total, note: undefined, toldMs: Date.parse(at) })
    bars.start()
  }
  const progress = (event: Of<'step.progress'>): void => {
    const step = steps.get(event.step)
    if (step === undefined) return
    Object.assign(step, { done: event.done, total: event.total ?? step.total, note: event.note })
    const atMs = Date.parse(event.at)
    if (terminal.isLive || atMs - step.toldMs < (level === 'debug' ? 1000 : 10_000)) return
    step.toldMs = atMs
    tell(event, `${step.name}: ${progressOf(step, atMs)}`)
  }
  const stop = (): void => {
    steps.clear()
    bars.stop()
  }
  const on = (event: LakeEvent): void => {
    if (event.type === 'run.ended') stop()
    if (event.type === 'step.ended') steps.delete(event.step)
    if (weightOf(event) < weights[level]) return
    if (event.type === 'step.started') start(event)
    else if (event.type === 'step.progress') progress(event)
    else for (const line of linesOf(event, terminal)) tell(event, line)
  }
  return { on, close: stop }
}

interface Bars {
  start(): void
  /** Writes a line that stays, above the bars. */
  above(text: string): void
  stop(): void
}

/** Lines that are drawn anew in their place ten times a second; none where output is no terminal. */
function openBars(terminal: Terminal, render: () => readonly string[]): Bars {
  let drawn = 0
  let timer: NodeJS.Timeout | undefined
  const erase = (): void => {
    if (drawn > 0) terminal.write(`\u001B[${drawn}A\u001B[0J`)
    drawn = 0
  }
  const draw = (): void => {
    erase()
    const lines = render()
    terminal.write(lines.map((line) => `${line}\n`).join(''))
    drawn = lines.length
  }
  return {
    start() {
      if (!terminal.isLive) return
      timer ??= setInterval(draw, 100).unref()
      draw()
    },
    above(text) {
      erase()
      terminal.line(text)
      draw()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      erase()
    },
  }
}

/** Step names are short: ingest, silver, gold. */
const nameWidth = 10

const weights: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

function weightOf(event: LakeEvent): number {
  if (event.type === 'step.ended' && event.status === 'failed') return weights.error
  return event.type === 'warning' ? weights.warn : weights.info
}

const noKey = 'No TMDB_TOKEN set: the answers come from the sample server, about 400 films, and not from TMDB.'

function linesOf(event: LakeEvent, { styled, isUnicode }: Terminal): string[] {
  if (event.type === 'run.started')
    return [
      `${styled('bold', `movielake ${event.command}`)} ${styled('dim', event.run_id)}`,
      ...(event.sample === undefined ? [] : [styled(['bold', 'yellow'], noKey)]),
      ...(event.is_resumed === true ? ['taking up a run that was cut off: what it has is not asked for again'] : []),
    ]
  if (event.type === 'warning')
    return [
      `${styled('yellow', 'warning:')} ${event.message}`,
      ...(event.hint === undefined ? [] : [`  hint: ${event.hint}`]),
    ]
  if (event.type !== 'step.ended') return []
  const marks = isUnicode
    ? { ok: '✓', unchanged: '=', failed: '✗', stopped: '!' }
    : { ok: 'ok', unchanged: '=', failed: 'x', stopped: '!' }
  const styles = { ok: 'green', unchanged: 'dim', failed: 'red', stopped: 'yellow' } as const
  const size = event.status === 'unchanged' ? 'unchanged' : counted(event.rows, 'row')
  const note = event.note === undefined ? '' : `  ${event.note}`
  const spent = styled('dim', padded(formatDuration(event.duration_ms), 9, true))
  return [
    `${styled(styles[event.status], marks[event.status])} ${padded(event.step, nameWidth)} ${padded(size, 14, true)} ${spent}${note}`,
  ]
}

function barOf(step: Step, nowMs: number, terminal: Terminal): string {
  const [full, empty] = terminal.isUnicode ? ['█', '░'] : ['#', '.']
  const places = terminal.columns() < 60 ? 8 : 20
  const share = step.total === undefined ? 0 : Math.min(1, step.done / Math.max(1, step.total))
  const filled = Math.round(share * places)
  const head = `  ${padded(step.name, nameWidth)} `
  const bar = step.total === undefined ? '' : `${full.repeat(filled)}${empty.repeat(places - filled)} `
  const tail = progressOf(step, nowMs)
  // a line that wraps cannot be taken away again, so it is cut one place before the edge
  const room = terminal.columns() - 1 - (head + bar).length
  if (room < 0) return cutTo(head + bar, terminal.columns() - 1)
  return head + terminal.styled('cyan', bar) + terminal.styled('dim', cutTo(tail, room))
}

function progressOf({ done, total, unit, note, startedMs }: Step, nowMs: number): string {
  const spentMs = Math.max(0, nowMs - startedMs)
  // a rate of a few large things, such as tables, says nothing
  const isRated = spentMs >= 500 && (total === undefined || total >= 50)
  const perSecond = isRated ? (done / spentMs) * 1000 : 0
  const leftMs = total === undefined || perSecond === 0 ? 0 : ((total - done) / perSecond) * 1000
  const parts = [
    done === 0 && total === undefined
      ? ''
      : `${grouped(done)}${total === undefined ? '' : `/${grouped(total)}`} ${unit}`,
    perSecond === 0 ? '' : `${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))}/s`,
    leftMs < 1000 ? '' : `${formatDuration(leftMs)} left`,
    perSecond === 0 && spentMs >= 1000 ? formatDuration(spentMs) : '',
    note ?? '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

const grouped = (count: number): string => count.toLocaleString('en')

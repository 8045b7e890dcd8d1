import { isOnScreen } from '../state/ask-queue.ts'

interface Waiting {
  readonly box: Element
  readonly draw: () => void
}

const waiting: Waiting[] = []
let isRunning = false

/**
 * `draw` is called soon: those of boxes on the screen first, one at a time, so that the page can be seen and used between them. Answers what takes
 * it back.
 */
export function drawSoon(box: Element, draw: () => void): () => void {
  const item = { box, draw }
  waiting.push(item)
  if (!isRunning) {
    isRunning = true
    setTimeout(drawNext)
  }
  return () => {
    const at = waiting.indexOf(item)
    if (at >= 0) waiting.splice(at, 1)
  }
}

function drawNext(): void {
  const visible = waiting.findIndex(({ box }) => isOnScreen(box))
  const [item] = waiting.splice(Math.max(visible, 0), 1)
  isRunning = item !== undefined
  if (item === undefined) return
  setTimeout(drawNext)
  item.draw()
}

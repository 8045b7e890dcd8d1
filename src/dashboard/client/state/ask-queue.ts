interface Waiting {
  readonly box: Element
  readonly ask: () => Promise<void>
}

// a browser has six connections to a server, of which events take one
const most = 5
const waiting: Waiting[] = []
let asked = 0

/** `ask` is called soon: for boxes on the screen first, then for the others, so many at once. Answers what takes it back. */
export function askInTurn(box: Element, ask: () => Promise<void>): () => void {
  const item = { box, ask }
  waiting.push(item)
  // after all that a click asks for are here
  setTimeout(askNext)
  return () => {
    const at = waiting.indexOf(item)
    if (at >= 0) waiting.splice(at, 1)
  }
}

function askNext(): void {
  if (asked >= most) return
  const visible = waiting.findIndex(({ box }) => isOnScreen(box))
  const [item] = waiting.splice(Math.max(visible, 0), 1)
  if (item === undefined) return
  asked += 1
  void item.ask().finally(() => {
    asked -= 1
    askNext()
  })
}

/** Whether a part of the box can be seen. */
export function isOnScreen(box: Element): boolean {
  const { top, bottom } = box.getBoundingClientRect()
  return bottom >= 0 && top <= innerHeight
}

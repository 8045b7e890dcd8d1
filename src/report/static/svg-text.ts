const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const xmlName = /^[a-zA-Z_][\w.-]*$/
const reference = /url\(["']?#([^"')]+)["']?\)/g

/** Style properties that SVG knows as attributes; a page whose policy refuses inline styles draws them all the same. */
const presentation = new Set([
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
  'mix-blend-mode',
  'paint-order',
])

/** Text as it may stand between tags or in an attribute. What XML cannot hold, such as control characters and halves of surrogates, is left out. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(forbidden, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/**
 * An SVG element as XML that is valid whatever its texts are: without style sheets, scripts, classes, data for scripts and inline styles,
 * whose properties become attributes. Ids are numbered in order, each with `prefix`, so that several pictures fit into one page and the same picture is the same text. Only the element
 * itself may say what it is to those who cannot see it: a picture has no parts for them.
 */
export function svgText(element: Element, prefix: string): string {
  return textOf(element, new Ids(prefix), true)
}

class Ids {
  readonly #prefix: string
  readonly #names = new Map<string, string>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  of(id: string): string {
    const name = this.#names.get(id) ?? `${this.#prefix}-${this.#names.size + 1}`
    this.#names.set(id, name)
    return name
  }
}

function textOf(node: Node, ids: Ids, isRoot = false): string {
  if (node.nodeType === 3) return escapeXml(node.textContent ?? '')
  if (!isElement(node)) return ''
  // linkedom keeps the names of SVG as they were made
  const name = node.localName
  if (name === 'style' || name === 'script' || !xmlName.test(name)) return ''
  const attributes = attributesOf(node, ids, isRoot)
  const start = `<${name}${attributes.map(([key, value]) => ` ${key}="${escapeXml(value)}"`).join('')}`
  const inner = Array.from(node.childNodes, (child) => textOf(child, ids)).join('')
  return inner === '' ? `${start}/>` : `${start}>${inner}</${name}>`
}

const isElement = (node: Node): node is Element => node.nodeType === 1

function attributesOf(element: Element, ids: Ids, isRoot: boolean): [string, string][] {
  const found = new Map<string, string>()
  for (const { name, value } of Array.from(element.attributes)) {
    if (name === 'id') found.set('id', ids.of(value))
    else if (name === 'href' || name === 'xlink:href') {
      if (value.startsWith('#')) found.set('href', `#${ids.of(value.slice(1))}`)
    } else if (isKept(name) && (isRoot || !/^(role$|aria-)/.test(name)))
      found.set(
        name,
        value.replaceAll(reference, (_, id: string) => `url(#${ids.of(id)})`),
      )
  }
  for (const [name, value] of declarations(element.getAttribute('style') ?? ''))
    if (presentation.has(name) && !found.has(name)) found.set(name, value)
  return [...found]
}

const isKept = (name: string): boolean =>
  xmlName.test(name) && !['style', 'class', 'xmlns'].includes(name) && !/^(on|data-)/i.test(name)

const declarations = (style: string): [string, string][] =>
  style.split(';').flatMap((declaration): [string, string][] => {
    const at = declaration.indexOf(':')
    return at < 0 ? [] : [[declaration.slice(0, at).trim(), declaration.slice(at + 1).trim()]]
  })

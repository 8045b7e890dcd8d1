import { format } from 'prettier'
import { parseDocument, stringify, type Document } from 'yaml'
import { groups, settings, type Setting } from '../../src/config/keys.ts'
import { configJsonSchema } from '../../src/config/schema.ts'

/** movielake.schema.json as it must be. */
export const schemaText = (): string => `${JSON.stringify(configJsonSchema(), null, 2)}\n`

/** movielake.yaml as it must be: every key with its default, what it means and what it may be. */
export async function yamlText(): Promise<string> {
  const head = [
    '# yaml-language-server: $schema=./movielake.schema.json',
    '# Every setting of movielake with its default. Leave out what you do not change.',
    '# The environment wins over this file (MOVIELAKE__TMDB__LANGUAGE=de), flags win over both (--set tmdb.language=de).',
    '# The key to TMDB is never written here: set TMDB_TOKEN, TMDB_TOKEN_FILE or TMDB_API_KEY, or put it into .env.',
  ]
  const parts = byGroup().map(([group, about, members]) =>
    group === undefined
      ? ['', ...members.flatMap((setting) => yamlOf(setting, setting.key, ''))]
      : [
          '',
          `# ${about}`,
          `${group}:`,
          ...members.flatMap((setting) => yamlOf(setting, setting.key.slice(group.length + 1), '  ')),
        ],
  )
  return formatted([...head, ...parts.flat()].join('\n'), 'yaml')
}

/** docs/config.md between its marks: one table a group. */
export async function tablesText(): Promise<string> {
  const parts = byGroup().map(([group, about, members]) =>
    [
      ...(group === undefined ? [] : [`### ${group}`, '', about, '']),
      '| key | default | allowed | meaning |',
      '| --- | --- | --- | --- |',
      ...members.map(
        (setting) => `| \`${setting.key}\` | ${defaultOf(setting)} | ${setting.allowed} | ${setting.about} |`,
      ),
    ].join('\n'),
  )
  return formatted(parts.join('\n\n'), 'markdown')
}

function byGroup(): [group: string | undefined, about: string, members: Setting[]][] {
  const found = new Map<string | undefined, Setting[]>()
  for (const setting of settings.values()) {
    const [first = ''] = setting.key.split('.')
    const group = groups.has(first) ? first : undefined
    found.set(group, [...(found.get(group) ?? []), setting])
  }
  return [...found].map(([group, members]) => [group, groups.get(group ?? '') ?? '', members])
}

function yamlOf({ about, allowed, default: value }: Setting, name: string, indent: string): string[] {
  const comment = `${about} Allowed: ${allowed}.`
  const text = stringify({ [name]: value }, { lineWidth: 110 })
  return [
    ...wrapped(comment, 116 - indent.length).map((line) => `${indent}# ${line}`),
    ...flow(text)
      .trimEnd()
      .split('\n')
      .map((line) => `${indent}${line}`),
  ]
}

/** Lists written on one line. */
function flow(text: string): string {
  const document: Document = parseDocument(text)
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || !('items' in node) || !Array.isArray(node.items)) return
    for (const item of node.items as { value?: unknown }[]) visit('value' in item ? item.value : item)
    if (node.constructor.name === 'YAMLSeq' && node.items.length <= 10) Object.assign(node, { flow: true })
  }
  visit(document.contents)
  return document.toString({ lineWidth: 110, flowCollectionPadding: false })
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length === 0 || longer.length > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

function defaultOf({ key, default: value }: Setting): string {
  if (key === 'ingest.movie_ids') return 'the 19 of the assignment'
  if (key === 'gold.searches') return 'two, below'
  return [value]
    .flat()
    .map((item) => `\`${typeof item === 'object' ? JSON.stringify(item) : String(item)}\``)
    .join(', ')
}

const formatted = (text: string, parser: string): Promise<string> =>
  format(text, { parser, printWidth: 120, singleQuote: true })

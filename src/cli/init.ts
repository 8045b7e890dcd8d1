import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '../errors.ts'
import type { Context } from './context.ts'

const envExample = `# copy to .env, which is never committed, and put in one of the two
# https://www.themoviedb.org/settings/api
TMDB_TOKEN=
TMDB_API_KEY=
`
const gitIgnore = `.env
/lake/
`

/** Writes the files of a new project into a folder. Those that are there stay, unless `--force`. Throws ConfigError when all are. */
export async function init(
  context: Context,
  { force = false }: { force?: boolean },
  [dir = '.']: readonly string[],
): Promise<number> {
  const folder = resolve(context.io.cwd, dir)
  const packaged = (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), 'utf8')
  const files = {
    'movielake.yaml': switchedOff(await packaged('movielake.yaml')),
    'movielake.schema.json': await packaged('movielake.schema.json'),
    '.env.example': envExample,
    '.gitignore': gitIgnore,
  }
  const kept = force ? [] : Object.keys(files).filter((name) => existsSync(join(folder, name)))
  if (kept.length === Object.keys(files).length)
    throw new ConfigError(`${folder} has all the files already`, { hint: '--force writes over them' })
  await mkdir(folder, { recursive: true })
  const written = Object.entries(files).filter(([name]) => !kept.includes(name))
  for (const [name, text] of written) await writeFile(join(folder, name), text)
  if (context.flags.json === true) context.json({ folder, written: written.map(([name]) => name), kept })
  else
    tell(
      context,
      folder,
      written.map(([name]) => name),
      kept,
    )
  return 0
}

/** The packaged config with every setting behind a `#`, so that only what the user changes is pinned. */
const switchedOff = (yaml: string): string =>
  yaml
    .replace('Leave out what you do not change.', 'To change one, remove the # before its group and before it.')
    .replaceAll(/^(?!\s*#)(?=.*\S)/gm, '#')

function tell({ out }: Context, folder: string, written: readonly string[], kept: readonly string[]): void {
  for (const name of written) out.line(`written  ${join(folder, name)}`)
  for (const name of kept) out.line(`kept     ${join(folder, name)} (--force writes over it)`)
  out.line(`next     movielake run; for live data put TMDB_TOKEN into ${join(folder, '.env')}`)
}

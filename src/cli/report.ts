import { join, resolve } from 'node:path'
import type { Context } from './context.ts'

/** Writes the report of the published tables, and prints where it lies. */
export async function report(context: Context, { output }: { readonly output?: string }): Promise<number> {
  const lake = await context.lake()
  const written = await lake.report(output === undefined ? {} : { folder: resolve(context.io.cwd, output) })
  const paths = written.files.map((file) => join(written.folder, file))
  if (context.flags.json === true) context.json({ ...written, files: paths })
  else for (const path of paths.filter((file) => !file.endsWith('report.json'))) context.out.line(path)
  return 0
}

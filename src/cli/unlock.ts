import type { Context } from './context.ts'

/** Removes the lock a dead run left. Throws LockError when that run may be alive, unless forced. */
export async function unlock(context: Context, { force = false }: { readonly force?: boolean }): Promise<number> {
  const lake = await context.lake()
  const holder = await lake.unlock({ force })
  if (context.flags.json === true) context.json({ removed: holder ?? null })
  else
    context.out.line(
      holder === undefined
        ? 'the lake is not locked'
        : `removed the lock of run ${holder.run_id}, process ${holder.pid} on ${holder.host}`,
    )
  return 0
}

import { version } from '../../version.ts'

/** What tables' histories say of who wrote a commit. */
export const engineInfo = `movielake/${version}`

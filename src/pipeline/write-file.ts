import path from 'node:path'
import { LocalStorage } from '../delta/local-storage.ts'

/** The file holds exactly `text` afterwards, on disk; a reader, or a crash at any moment, finds the old text or the new. */
export const writeFileAtomically = (file: string, text: string): Promise<void> =>
  new LocalStorage(path.dirname(file)).put(path.basename(file), text)

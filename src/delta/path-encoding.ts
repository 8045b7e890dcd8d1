import { fileURLToPath } from 'node:url'

// the characters Spark escapes in the folders of partitions
// oxlint-disable-next-line no-control-regex
const hiveSpecial = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^ ]/g

/** A partition value as part of a folder's name, escaped as Hive and Spark do. */
export const escapeHive = (text: string): string =>
  text.replaceAll(hiveSpecial, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** A path relative to the table's folder as the log writes it: each part URL-escaped, `=` and `+` raw. */
export const encodePath = (relative: string): string =>
  relative
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%3D', '=').replaceAll('%2B', '+'))
    .join('/')

/** A log's `path` as storage takes it: relative to the table, or in full. */
export const decodePath = (encoded: string): string =>
  encoded.startsWith('file:') ? fileURLToPath(encoded) : decodeURIComponent(encoded)

/** Whether a log's `path` names a file in full, which may lie outside of the table's folder. */
export const isFullPath = (encoded: string): boolean => /^([a-z][a-z0-9+.-]*:|\/)/i.test(encoded)

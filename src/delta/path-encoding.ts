import { fileURLToPath } from 'node:url'

// the characters Spark escapes in the folders of partitions
// oxlint-disable-next-line no-control-regex
const hiveSpecial = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^ ]/g
// the characters Java escapes in the path of a URI, and `:`, which its URIs do not take in the first part of a relative path
// oxlint-disable-next-line no-control-regex
const uriSpecial = /[\u0000- "#%:<>?[\\\]^`{|}\u007f-\u009f]|\p{Z}/gu

/** A partition value as part of a folder's name, escaped as Hive and Spark do. */
export const escapeHive = (text: string): string =>
  text.replaceAll(hiveSpecial, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/**
 * A path relative to the table's folder as the log writes it: URL-escaped, exactly as Spark does it. Its vacuum compares the text: a file
 * whose path is escaped in another way is taken off the disk, although the table needs it.
 */
export const encodePath = (relative: string): string => relative.replaceAll(uriSpecial, encodeURIComponent)

/** A log's `path` as storage takes it: relative to the table, or in full. */
export const decodePath = (encoded: string): string =>
  encoded.startsWith('file:') ? fileURLToPath(encoded) : decodeURIComponent(encoded)

/** Whether a log's `path` names a file in full, which may lie outside of the table's folder. */
export const isFullPath = (encoded: string): boolean => /^([a-z][a-z0-9+.-]*:|\/)/i.test(encoded)

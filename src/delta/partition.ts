import { escapeHive } from './path-encoding.ts'

/** The values all rows of a file share, as the log writes them. Null stands for null and for the empty text. */
export type PartitionValues = Readonly<Record<string, string | null>>

/** The folder of a partition, relative to the table: `year=2009/genre=War`. Empty for tables without partitions. Readers never rely on it. */
export const partitionFolder = (values: PartitionValues): string =>
  Object.entries(values)
    .map(([name, value]) => `${escapeHive(name)}=${value === null ? '__HIVE_DEFAULT_PARTITION__' : escapeHive(value)}`)
    .join('/')

/** The value as rows have it: Delta writes both null and the empty text as null, and others have written the empty text. */
export const partitionValue = (values: PartitionValues, column: string): string | null => values[column] || null

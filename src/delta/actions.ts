import { z } from 'zod'
import { TableError } from '../errors.ts'

const texts = z.record(z.string(), z.string().nullable())

const deletionVector = z.object({
  storageType: z.enum(['u', 'i', 'p']),
  pathOrInlineDv: z.string(),
  offset: z.number().nullish(),
  sizeInBytes: z.number(),
  cardinality: z.number(),
})
/** Rows of a data file that no longer count, as positions kept in a file of their own or inline. */
export type DeletionVector = z.infer<typeof deletionVector>

const addFile = z.object({
  path: z.string(),
  partitionValues: texts.nullish().transform((values) => values ?? {}),
  size: z.number(),
  modificationTime: z.number(),
  dataChange: z.boolean(),
  stats: z.string().nullish(),
  tags: texts.nullish(),
  deletionVector: deletionVector.nullish(),
  baseRowId: z.number().nullish(),
  defaultRowCommitVersion: z.number().nullish(),
  clusteringProvider: z.string().nullish(),
})
/** A data file that belongs to the table from this commit on. `stats` is JSON text: its numbers may exceed what JavaScript holds. */
export type AddFile = z.infer<typeof addFile>

const removeFile = z.object({
  path: z.string(),
  deletionTimestamp: z.number().nullish(),
  dataChange: z.boolean().nullish(),
  extendedFileMetadata: z.boolean().nullish(),
  partitionValues: texts.nullish(),
  size: z.number().nullish(),
  tags: texts.nullish(),
  deletionVector: deletionVector.nullish(),
  baseRowId: z.number().nullish(),
  defaultRowCommitVersion: z.number().nullish(),
})
/** A data file that belongs to the table no longer. The file stays on disk for readers of older versions. */
export type RemoveFile = z.infer<typeof removeFile>

const changeFile = z.object({
  path: z.string(),
  partitionValues: texts.nullish().transform((values) => values ?? {}),
})
/** A file with the rows that a commit inserted, deleted and updated, each with what became of it. No part of the table. */
export type ChangeFile = z.infer<typeof changeFile>

const metadata = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  format: z.object({ provider: z.string(), options: texts.nullish() }),
  schemaString: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  partitionColumns: z.array(z.string()),
  configuration: texts.nullish().transform((values) => values ?? {}),
  createdTime: z.number().nullish(),
})
/** What the table is: its schema as JSON text, its partition columns, its properties. */
export type Metadata = z.infer<typeof metadata>

const protocol = z.object({
  minReaderVersion: z.number(),
  minWriterVersion: z.number(),
  readerFeatures: z.array(z.string()).nullish(),
  writerFeatures: z.array(z.string()).nullish(),
})
/** What a program must understand to read the table, and to write it. */
export type Protocol = z.infer<typeof protocol>

const transaction = z.object({ appId: z.string(), version: z.number(), lastUpdated: z.number().nullish() })
/** How far an application has come with this table. The newest one per application counts. */
export type Transaction = z.infer<typeof transaction>

const domainMetadata = z.object({ domain: z.string(), configuration: z.string(), removed: z.boolean() })
/** A setting that belongs to a feature, kept for whoever understands it. */
export type DomainMetadata = z.infer<typeof domainMetadata>

const commitInfo = z.looseObject({
  timestamp: z.number().nullish(),
  inCommitTimestamp: z.number().nullish(),
  operation: z.string().nullish(),
  engineInfo: z.string().nullish(),
  userMetadata: z.string().nullish(),
  operationMetrics: z.record(z.string(), z.unknown()).nullish(),
})
/** Who made a commit and how. Readers may not rely on it. */
export type CommitInfo = z.infer<typeof commitInfo>

const sidecar = z.object({ path: z.string(), sizeInBytes: z.number() })
/** A file beside a checkpoint that holds some of its data files. Stands in checkpoints alone. */
export type Sidecar = z.infer<typeof sidecar>

const checkpointMetadata = z.object({ version: z.number() })

const action = z.object({
  add: addFile.nullish(),
  remove: removeFile.nullish(),
  cdc: changeFile.nullish(),
  metaData: metadata.nullish(),
  protocol: protocol.nullish(),
  txn: transaction.nullish(),
  domainMetadata: domainMetadata.nullish(),
  commitInfo: commitInfo.nullish(),
  sidecar: sidecar.nullish(),
  checkpointMetadata: checkpointMetadata.nullish(),
})
/** One line of a commit: exactly one of the fields is set. Kinds of action that no supported feature uses are left out when read. */
export type Action = z.input<typeof action>
/** An action as it was read, with what may be left out filled in. */
export type ReadAction = z.output<typeof action>

/** The action in a JSON value. Throws TableError `corrupt`, naming `where` it stood, when it is not one. */
export function parseAction(value: unknown, where: string): ReadAction {
  const parsed = action.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new TableError(`${where}: not a delta action: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, {
    fault: 'corrupt',
    hint: 'restore the file from a copy of the table',
  })
}

/** The actions of a commit's text, one JSON object a line. Throws TableError `corrupt`: an empty text is damage, not an empty commit. */
export function parseActions(text: string, where: string): readonly ReadAction[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0)
    throw new TableError(`${where}: the commit is empty, as after a power cut`, {
      fault: 'corrupt',
      hint: 'restore the file from a copy of the table',
    })
  return lines.map((line, i) => parseAction(parseJson(line, `${where} line ${i + 1}`), `${where} line ${i + 1}`))
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new TableError(`${where}: not JSON`, {
      fault: 'corrupt',
      hint: 'restore the file from a copy of the table',
      cause,
    })
  }
}

/** The text of a commit. */
export const renderActions = (actions: readonly Action[]): string =>
  actions.map((one) => `${JSON.stringify(one)}\n`).join('')

/** What a file is known by in replay: the same path with another deletion vector is another file. */
export function fileKey(file: { readonly path: string; readonly deletionVector?: DeletionVector | null | undefined }) {
  const vector = file.deletionVector
  return vector ? `${file.path}\0${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}` : file.path
}

import type { Protocol } from './actions.ts'

// what a version of the protocol asked for before features had names
const ofReaderVersion: readonly (readonly [version: number, feature: string])[] = [[2, 'columnMapping']]
const ofWriterVersion: readonly (readonly [version: number, feature: string])[] = [
  [2, 'appendOnly'],
  [2, 'invariants'],
  [3, 'checkConstraints'],
  [4, 'changeDataFeed'],
  [4, 'generatedColumns'],
  [5, 'columnMapping'],
  [6, 'identityColumns'],
]
/** The reader version that lists its features by name. */
export const namedReaderVersion = 3
/** The writer version that lists its features by name. */
export const namedWriterVersion = 7

/** The features a reader must understand, whether listed or implied by the version. */
export const readerFeatures = ({ minReaderVersion, readerFeatures: listed }: Protocol): ReadonlySet<string> =>
  new Set([...implied(ofReaderVersion, minReaderVersion, namedReaderVersion), ...(listed ?? [])])

/** The features a writer must understand, whether listed or implied by the version. */
export const writerFeatures = ({ minWriterVersion, writerFeatures: listed }: Protocol): ReadonlySet<string> =>
  new Set([...implied(ofWriterVersion, minWriterVersion, namedWriterVersion), ...(listed ?? [])])

const implied = (
  features: readonly (readonly [version: number, feature: string])[],
  version: number,
  named: number,
): readonly string[] =>
  version >= named ? [] : features.filter(([since]) => since <= version).map(([, feature]) => feature)

/**
 * The protocol with a feature that readers and writers must know, by name; the same object when it has it already. What an older
 * version asked for goes on by name: nobody can tell that no version of the table has used it.
 */
export function withFeature(protocol: Protocol, feature: string): Protocol {
  if (readerFeatures(protocol).has(feature) && writerFeatures(protocol).has(feature)) return protocol
  const writers = [...writerFeatures(protocol), feature]
  // column mapping is the one older feature that readers must know too
  const older = writers.filter((name) => name === 'columnMapping')
  return {
    minReaderVersion: namedReaderVersion,
    minWriterVersion: namedWriterVersion,
    readerFeatures: [...new Set([...readerFeatures(protocol), ...older, feature])],
    writerFeatures: [...new Set(writers)],
  }
}

/** Where lakes and tables of tests lie: in memory where Linux has room for them there, as each commit waits for the disk. */
export function temporaryFolder(): string

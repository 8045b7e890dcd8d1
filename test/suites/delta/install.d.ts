/** A Python that has what was asked for, or why it cannot be had. */
export interface Fetched {
  readonly python?: string
  readonly missing?: string
}
export function fetchSail(cache: string): Fetched

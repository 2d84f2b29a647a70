/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const seconds = (count: number): number => count * 1000
export const minutes = (count: number): number => count * 60_000
export const hours = (count: number): number => count * 3_600_000
export const days = (count: number): number => count * 86_400_000

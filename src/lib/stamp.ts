import type { Instant } from './instant.ts'

/** `20261123120000`: a moment as AWS writes it where it numbers what it has deployed. */
export const stampOf = (at: Instant): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)

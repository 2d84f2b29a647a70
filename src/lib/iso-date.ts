import type { Instant } from './instant.ts'

const form =
  /^(?<year>\d{4})(?:-(?<month>\d\d)(?:-(?<day>\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/

/**
 * The instant that a date names, in the forms of https://www.w3.org/TR/NOTE-datetime: from `2026` to
 * `2026-11-23T18:44:09.5+01:00`. A date alone means its first instant in UTC; a time needs its zone.
 */
export function instantFromIso(text: string): Instant | undefined {
  const { year, month = '01', day = '01' } = form.exec(text)?.groups ?? {}
  if (year === undefined) return undefined
  // Date.parse carries 30 February over into March.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day))
    return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}

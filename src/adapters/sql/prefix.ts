/**
 * The first text, by code point, after all that begin with `prefix`; undefined when nothing comes after them. A prefix
 * search is a range of the index so, and not a pattern.
 */
export function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === 0x10ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  // Between these two are the surrogates, which no text holds by themselves.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}

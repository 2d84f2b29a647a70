/**
 * A pattern of the service model: the text AWS prints in its refusals and a test that runs in time proportional to
 * the input. The service's patterns are Java's, matched against the whole value.
 *
 * A pattern of the form "one class, repeated" is linear as a regular expression. Those that join two repeats of
 * overlapping classes would backtrack quadratically on hostile input; they are given a test of their own.
 */
export interface Pattern {
  readonly source: string
  readonly matches: (value: string) => boolean
}

/** A pattern that a backtracking matcher runs in linear time. `source` is Java's; the classes that differ are translated. */
export function pattern(source: string): Pattern {
  const expression = new RegExp(`^(?:${toJavaScript(source)})$`, 'u')
  return { source, matches: (value) => expression.test(value) }
}

/** A pattern that is matched by a function, because a regular expression would be slow on hostile input. */
export function linear(source: string, matches: (value: string) => boolean): Pattern {
  return { source, matches }
}

/** Characters of `class` around a required `{####}`. The braces and the hash are of the class themselves. */
export function aroundCode(source: string, characters: string): Pattern {
  const whole = new RegExp(`^[${toJavaScript(characters)}]*$`, 'u')
  return linear(source, (value) => value.includes('{####}') && whole.test(value))
}

/** Characters of `class` around a required `{##link text##}`. */
export function aroundLink(source: string, characters: string): Pattern {
  const whole = new RegExp(`^[${toJavaScript(characters)}]*$`, 'u')
  return linear(source, (value) => {
    const start = value.indexOf('{##')
    return start >= 0 && value.indexOf('##}', start + 3) >= 0 && whole.test(value)
  })
}

/** Something of `characters` on both sides of an at sign. */
export function aroundAt(source: string, characters: string): Pattern {
  const whole = new RegExp(`^[${toJavaScript(characters)}]+$`, 'u')
  return linear(source, (value) => {
    const at = value.indexOf('@', 1)
    return at > 0 && at < value.length - 1 && whole.test(value)
  })
}

/** Java's \s is ASCII only and \S its complement; a JavaScript class would also take in Unicode's spaces. */
function toJavaScript(source: string): string {
  return source
    .replaceAll('[\\S]', '[^\\t\\n\\v\\f\\r ]')
    .replaceAll('\\s', '\\t\\n\\v\\f\\r ')
    .replaceAll('(?s).', '[\\s\\S]')
}

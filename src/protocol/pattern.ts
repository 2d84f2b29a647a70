/**
 * A pattern of the service model: the text that the service prints in its refusals, and a test that runs in time
 * proportional to the value, however hostile. The model's patterns are Java's, matched against the whole value.
 */
export interface Pattern {
  readonly source: string
  readonly matches: (value: string) => boolean
}

export function pattern(source: string): Pattern {
  const expression = wholly(source)
  return { source, matches: joined(source) ?? ((value) => expression.test(value)) }
}

/**
 * One class repeated around fixed texts: `C*{####}C*`, `C+@C+`. A backtracking matcher tries every place where such a
 * text occurs and reads on from each, in quadratic time. But the texts are of the class too: once the whole value is
 * known to be, the first place where a text fits is as good as any other.
 */
function joined(source: string): Pattern['matches'] | undefined {
  const [unit] = /^(?:\[(?:\\.|[^\]\\])+\]|\.)(?=[*+])/.exec(source) ?? []
  if (unit === undefined) return undefined
  const parts = source
    .split(unit)
    .slice(1)
    .map((part) => /^([*+])((?:\\[{}]|[^\\[\](){}.*+?|^$])*)$/.exec(part))
  const ofTheClass = wholly(`${unit}*`)
  const steps: { least: number; text: string }[] = []
  for (const part of parts) {
    if (part === null) return undefined
    const [, repeat, text = ''] = part
    steps.push({ least: repeat === '+' ? 1 : 0, text: text.replaceAll('\\', '') })
  }
  const texts = steps.slice(0, -1).map(({ text }) => text)
  if (texts.length === 0 || texts.includes('') || steps.at(-1)?.text !== '') return undefined
  if (!texts.every((text) => ofTheClass.test(text))) return undefined
  return (value) => {
    let at = 0
    for (const { least, text } of steps) {
      if (at + least > value.length) return false
      const found = value.indexOf(text, at + least)
      if (found < 0) return false
      at = found + text.length
    }
    return ofTheClass.test(value)
  }
}

const wholly = (source: string) => new RegExp(`^(?:${toJavaScript(source)})$`, 'u')

/** Java's \s is ASCII only and \S its complement; its dot stops at one more line terminator. */
function toJavaScript(source: string): string {
  return source.replace(/\(\?s\)\.|\[\\S\]|\[(?:\\.|[^\]\\])+\]|\\.|\./g, (piece) => {
    if (piece === '(?s).') return '[^]'
    if (piece === '[\\S]') return `[^${space}]`
    if (piece === '.') return '[^\\n\\r\\x85\\u2028\\u2029]'
    return piece.startsWith('[') ? piece.replaceAll('\\s', space) : piece
  })
}

const space = '\\t\\n\\v\\f\\r '

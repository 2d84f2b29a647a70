/** Bodies as a program would send them and as none would: what JSON can say that a value of JavaScript cannot. */

export type Json = Readonly<Record<string, unknown>>

/** The name of a member that is in its object already. */
export const again = (name: string): string => `${name}${mark}`

const mark = '\u0001again'

/** The text of a value: names said `again` twice, infinity as a number too large to be one. */
export function bodyOf(input: Json): string {
  return JSON.stringify(input, (_, value) => (value === Number.POSITIVE_INFINITY ? tooLarge : value))
    .replaceAll(JSON.stringify(mark).slice(1, -1), '')
    .replaceAll(JSON.stringify(tooLarge), '1e400')
}

const tooLarge = '\u0001infinity'

/** An input's text, and what is wrong with texts whatever the operation. */
export function* bodyTexts(input: Json): Generator<{ what: string; body: string | Uint8Array }> {
  const text = bodyOf(input)
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
  const bodies: Record<string, string | Uint8Array> = {
    'a member that is unknown': bodyOf({ ...input, Unknown: { deep: [1] }, ['__proto__']: 1 }),
    'an unknown member, five thousand lists deep': text.replace(
      /\}$/,
      `${text === '{}' ? '' : ','}"Unknown":${deep}}`,
    ),
    'blanks around it': ` \t\r\n${text}\n`,
    'no text': '',
    'null instead': 'null',
    'a text instead': '"{}"',
    'a number instead': '7',
    'a list instead': `[${text}]`,
    'its end missing': text.slice(0, -1),
    'something behind it': `${text}{}`,
    'a comma too many': text.replace(/\}$/, ',}'),
    'a comment in it': `/* */${text}`,
    'names without quotes': '{UserPoolId: 1}',
    'a number that is none': '{"Unknown": NaN}',
    'a character broken off': Buffer.concat([
      Buffer.from('{"Unknown":"'),
      Buffer.from([0xf0, 0x9f]),
      Buffer.from('"}'),
    ]),
    'half a pair in its bytes': Buffer.concat([
      Buffer.from('{"Unknown":"'),
      Buffer.from([0xed, 0xa0, 0xbd]),
      Buffer.from('"}'),
    ]),
  }
  for (const [what, body] of Object.entries(bodies)) yield { what, body }
}

/**
 * What is known to have been done to service providers: a signature that is good, around something else (Somorovsky and
 * others, "On Breaking SAML", 2012: the eight ways of wrapping), and whatever chance comes up with.
 */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { encrypted, newSigner, responseOf, type Signer, signed } from '../../../test/saml-provider.ts'
import type { SamlAssertion } from '../../domain/saml.ts'
import { type SamlProvider, SamlRefusal } from '../../ports/saml-client.ts'
import { nodeSaml } from './node-saml.ts'

const now = Date.UTC(2026, 10, 23, 12)

let idp: Signer
let mallory: Signer
let pool: Signer
let provider: SamlProvider
before(async () => {
  ;[idp, mallory, pool] = await Promise.all([newSigner(), newSigner(), newSigner()])
  provider = { signOnUrl: 'https://idp.example.com/sso', certificates: [idp.certificate] }
})

/** What is made of a response; nothing where it is refused. */
async function believed(xml: string, by = provider): Promise<SamlAssertion | undefined> {
  try {
    return (await nodeSaml.read(by, Buffer.from(xml).toString('base64'))).assertion
  } catch (error) {
    if (error instanceof SamlRefusal) return undefined
    throw error
  }
}

const partOf = (xml: string, pattern: RegExp): string => pattern.exec(xml)?.[0] ?? assert.fail(xml)
const signatureIn = (xml: string) => partOf(xml, /<ds:Signature [\s\S]*<\/ds:Signature>/)
const assertionIn = (xml: string) => partOf(xml, /<saml:Assertion [\s\S]*<\/saml:Assertion>/)
const rename = (xml: string) => xml.replace('>ada<', '>admin<')
const reidentify = (xml: string) => xml.replace(/ ID="[^"]+"/, ' ID="_evil"')

/** The pieces that whoever holds ada's response has to play with. */
function pieces() {
  const assertionSigned = signed(
    responseOf({ now, poolId: 'us-east-1_Abc', requestId: '_q' }),
    'Assertion',
    idp,
  )
  const good = assertionIn(assertionSigned)
  const signature = signatureIn(good)
  const bare = good.replace(signature, '')
  const around = (content: string) => assertionSigned.replace(good, () => content)
  /** An assertion about somebody else, with something after its issuer. */
  const evil = (inside = '') => rename(bare).replace('</saml:Issuer>', () => `</saml:Issuer>${inside}`)
  const inObject = (xml: string) =>
    signature.replace('</ds:Signature>', () => `<ds:Object>${xml}</ds:Object></ds:Signature>`)
  return { assertionSigned, good, bare, signature, around, evil, inObject }
}

function wholePieces() {
  const xml = signed(responseOf({ now, poolId: 'us-east-1_Abc', requestId: '_q' }), 'Response', idp)
  const signature = signatureIn(xml)
  const bare = xml.replace(signature, '')
  return { xml, signature, bare, evil: reidentify(rename(bare)) }
}

const atTheEnd = (xml: string, content: string) =>
  xml.replace('</samlp:Response>', () => `${content}</samlp:Response>`)
const inside = (xml: string, content: string) => xml.replace(/<samlp:Response[^>]*>/, (tag) => tag + content)

describe('a good signature around something else is not believed', () => {
  const rows: readonly [string, () => string][] = [
    [
      'XSW1: the response within the signature of another',
      () => {
        const { signature, bare, evil } = wholePieces()
        return inside(
          evil,
          signature.replace('</ds:Signature>', () => `${bare}</ds:Signature>`),
        )
      },
    ],
    [
      'XSW2: the response beside its signature, within another',
      () => {
        const { signature, bare, evil } = wholePieces()
        return inside(evil, bare + signature)
      },
    ],
    [
      'XSW3: another assertion before it',
      () => {
        const { around, evil, good } = pieces()
        return around(reidentify(evil()) + good)
      },
    ],
    [
      'XSW3, under the same name',
      () => {
        const { around, evil, good } = pieces()
        return around(evil() + good)
      },
    ],
    [
      'XSW4: within another assertion',
      () => {
        const { around, evil, good } = pieces()
        return around(reidentify(evil(good)))
      },
    ],
    [
      'XSW5: another assertion with its signature, and itself behind',
      () => {
        const { around, evil, signature, bare } = pieces()
        return around(reidentify(evil(signature)) + bare)
      },
    ],
    [
      'XSW5, at the end of the response',
      () => {
        const { around, evil, signature, bare } = pieces()
        return atTheEnd(around(evil(signature)), `<samlp:Extensions>${bare}</samlp:Extensions>`)
      },
    ],
    [
      'XSW6: within its signature, within another assertion',
      () => {
        const { around, evil, signature, bare } = pieces()
        return around(reidentify(evil(signature.replace('</ds:Signature>', () => `${bare}</ds:Signature>`))))
      },
    ],
    [
      'XSW8: within an object of its signature, within another assertion',
      () => {
        const { around, evil, inObject, bare } = pieces()
        return around(reidentify(evil(inObject(bare))))
      },
    ],
    [
      'XSW8, under the same name',
      () => {
        const { around, evil, inObject, bare } = pieces()
        return around(evil(inObject(bare)))
      },
    ],
    [
      'the signature of another assertion of theirs',
      () => {
        const { around, evil } = pieces()
        return around(evil(pieces().signature))
      },
    ],
    [
      'a signature that is nobody’s, whose key comes along',
      () => {
        const { around, bare } = pieces()
        return signed(around(rename(bare)), 'Assertion', mallory)
      },
    ],
    [
      'a signature of the provider within one that is somebody else’s',
      () => signed(pieces().assertionSigned.replace('Destination', 'Consent'), 'Response', mallory),
    ],
    [
      'a signature whose reference is the whole document',
      () => {
        const { around, evil, signature } = pieces()
        return around(evil(signature.replace(/URI="[^"]*"/, 'URI=""')))
      },
    ],
    [
      'a signature with a second reference',
      () => {
        const { around, evil, signature } = pieces()
        const [reference = ''] = /<ds:Reference[\s\S]*<\/ds:Reference>/.exec(signature) ?? []
        return around(evil(signature.replace(reference, reference + reference)))
      },
    ],
    [
      'a second SignedInfo',
      () => {
        const { around, evil, signature } = pieces()
        const [info = ''] = /<ds:SignedInfo[\s\S]*<\/ds:SignedInfo>/.exec(signature) ?? []
        return around(evil(signature.replace(info, info + info)))
      },
    ],
    [
      'another digest, in a comment within the right one',
      () => {
        const { around, evil, signature } = pieces()
        return around(evil(signature.replace(/(<ds:DigestValue>)([^<]*)/, '$1<!--AAAA-->$2')))
      },
    ],
    [
      'an encrypted assertion beside the one that is signed',
      () => {
        const { around, good, bare } = pieces()
        return around(
          `${assertionIn(around(good))}<saml:EncryptedAssertion>${rename(bare)}</saml:EncryptedAssertion>`,
        )
      },
    ],
  ]
  for (const [name, make] of rows)
    test(name, async () => assert.equal((await believed(make()))?.nameId, undefined))

  test('though what it is around was', async () => {
    const { good, around } = pieces()
    assert.equal((await believed(around(good)))?.nameId, 'ada')
    assert.equal((await believed(wholePieces().xml))?.nameId, 'ada')
  })

  test('XSW7: nor what stands where nobody looks', async () => {
    const { assertionSigned, evil } = pieces()
    for (const other of [reidentify(evil()), evil().replace('_a', '_b')]) {
      const xml = inside(assertionSigned, `<samlp:Extensions>${other}</samlp:Extensions>`)
      assert.equal((await believed(xml))?.nameId, 'ada')
    }
  })

  test('XSW7, under the same name', async () => {
    const { assertionSigned, evil } = pieces()
    const xml = inside(assertionSigned, `<samlp:Extensions>${evil()}</samlp:Extensions>`)
    assert.equal((await believed(xml))?.nameId, undefined)
  })

  test('a comment does not shorten a name', async () => {
    const said = { now, poolId: 'p', requestId: '_q', nameId: 'admin@example.com.evil.org' }
    const xml = signed(responseOf(said), 'Assertion', idp)
    const split = xml.replace('admin@example.com', 'admin@example.com<!-- -->')
    assert.equal((await believed(split))?.nameId, 'admin@example.com.evil.org')
  })
})

describe('whatever is done to a response, nothing else is believed of it', () => {
  const kinds: readonly [string, (xml: string) => string, () => SamlProvider][] = [
    ['whose assertion is signed', (xml) => signed(xml, 'Assertion', idp), () => provider],
    ['that is signed as a whole', (xml) => signed(xml, 'Response', idp), () => provider],
    [
      'that is encrypted',
      (xml) => encrypted(signed(xml, 'Assertion', idp), pool.certificate),
      () => ({ ...provider, decryptionKey: pool.privateKey }),
    ],
  ]
  /** A place in a text, and another, as parts of its length. */
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
  const edit = fc.record({
    from: place,
    length: fc.nat(200),
    to: place,
    how: fc.constantFrom('cut', 'copy', 'move', 'flip', 'insert', 'element', 'twin'),
    text: fc.constantFrom(
      '<!---->',
      '<![CDATA[x]]>',
      '<?x y?>',
      ' ',
      '&#0;',
      'admin',
      '<saml:Assertion/>',
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
      ' ID="_1"',
      '"',
      '>',
    ),
  })

  /** One change. Those of elements leave XML behind that is XML. */
  function changed(
    xml: string,
    { from, length, to, how, text }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
  ): string {
    const start = Math.floor(from * xml.length)
    const end = start + length
    const target = Math.floor(to * xml.length)
    const insert = (into: string, at: number, what: string) => into.slice(0, at) + what + into.slice(at)
    const tags = [...xml.matchAll(/<([a-z]+:[A-Za-z]+)[^>]*?(?:\/>|>[^<]*<\/\1>)/g)]
    const tag = tags[Math.floor(from * tags.length)]
    const after = [...xml.matchAll(/>/g)].map(({ index }) => index + 1)
    const gap = after[Math.floor(to * after.length)] ?? 0
    switch (how) {
      case 'cut':
        return xml.slice(0, start) + xml.slice(end)
      case 'copy':
        return insert(xml, target, xml.slice(start, end))
      case 'move':
        return insert(xml.slice(0, start) + xml.slice(end), target, xml.slice(start, end))
      case 'flip':
        return (
          xml.slice(0, start) +
          String.fromCharCode((xml.charCodeAt(start) || 65) ^ (1 << (length % 7))) +
          xml.slice(start + 1)
        )
      case 'insert':
        return insert(xml, gap, text)
      case 'element':
        return tag === undefined ? xml : xml.replace(tag[0], '')
      case 'twin':
        return tag === undefined ? xml : insert(xml, gap, tag[0])
    }
  }

  for (const [name, make, by] of kinds) {
    test(name, async () => {
      const good = make(responseOf({ now, poolId: 'us-east-1_Abc', requestId: '_q' }))
      const expected = await believed(good, by())
      assert.equal(expected?.nameId, 'ada')
      let refused = 0
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
          const found = await believed(edits.reduce(changed, good), by())
          if (found === undefined) refused += 1
          else assert.deepEqual(found, expected)
        }),
        { numRuns: 400 },
      )
      assert.ok(refused > 200, `${refused} refused`)
    })
  }

  test('and of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        assert.equal(await believed(text), undefined)
        assert.equal(await believed(`<r>${text}</r>`), undefined)
      }),
      { numRuns: 200 },
    )
  })
})

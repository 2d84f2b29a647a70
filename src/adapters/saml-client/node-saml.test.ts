import assert from 'node:assert/strict'
import { createVerify, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import {
  consumerUrl,
  type Encryption,
  emailClaim,
  encrypted,
  entityId,
  iso,
  newSigner,
  pem,
  requestSeen,
  responseOf,
  type Said,
  type Signer,
  sha1,
  sha256,
  signed,
} from '../../../test/saml-provider.ts'
import { type SamlProvider, SamlRefusal } from '../../ports/saml-client.ts'
import { nodeSaml } from './node-saml.ts'

const now = Date.UTC(2026, 10, 23, 12)
const badSignature = 'SAML Assertion signature is invalid.'
const said = (more: Partial<Said> = {}): string =>
  responseOf({ now, poolId: 'us-east-1_Abc', requestId: '_q', ...more })
const base64 = (xml: string) => Buffer.from(xml).toString('base64')
const refuses = (text: string) => (error: unknown) => error instanceof SamlRefusal && error.message === text

let idp: Signer
let other: Signer
let pool: Signer
let provider: SamlProvider
let secretive: SamlProvider
before(async () => {
  ;[idp, other, pool] = await Promise.all([newSigner(), newSigner(), newSigner()])
  provider = { signOnUrl: 'https://idp.example.com/sso', certificates: [idp.certificate] }
  secretive = { ...provider, decryptionKey: pool.privateKey }
})
const read = (xml: string, by = provider) => nodeSaml.read(by, base64(xml))
const assertionSigned = (more?: Partial<Said>, by = idp) => signed(said(more), 'Assertion', by)

describe('a request', () => {
  const request = {
    id: '_1',
    issuer: 'urn:amazon:cognito:sp:us-east-1_Abc',
    consumerUrl,
    relayState: 'v1.a.b.c_-',
    forceAuthn: false,
    issuedAt: now,
  }

  test('goes along in the address', async () => {
    const url = new URL(await nodeSaml.authorizationUrl(provider, request))
    assert.equal(`${url.origin}${url.pathname}`, 'https://idp.example.com/sso')
    assert.deepEqual([...url.searchParams.keys()], ['SAMLRequest', 'RelayState'])
    const { xml, relayState } = requestSeen(url)
    assert.equal(relayState, request.relayState)
    assert.equal(
      xml,
      '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="2026-11-23T12:00:00.000Z" Destination="https://idp.example.com/sso" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" AssertionConsumerServiceURL="http://localhost:9229/saml2/idpresponse"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:amazon:cognito:sp:us-east-1_Abc</saml:Issuer></samlp:AuthnRequest>',
    )
  })

  test('keeps what the address has already, and is XML whatever it is', async () => {
    const signOnUrl = 'https://idp.example.com/sso?a=<1>&b="2"'
    const url = new URL(await nodeSaml.authorizationUrl({ ...provider, signOnUrl }, request))
    assert.deepEqual([...url.searchParams.keys()], ['a', 'b', 'SAMLRequest', 'RelayState'])
    assert.match(
      requestSeen(url).xml,
      / Destination="https:\/\/idp.example.com\/sso\?a=&#60;1&#62;&#38;b=&#34;2&#34;"/,
    )
  })

  test('asks for a sign-in although there is one', async () => {
    const url = new URL(await nodeSaml.authorizationUrl(provider, { ...request, forceAuthn: true }))
    assert.match(requestSeen(url).xml, / ForceAuthn="true"/)
  })

  test('is signed, as the provider sees it', async () => {
    const url = await nodeSaml.authorizationUrl({ ...provider, signingKey: pool.privateKey }, request)
    const [query = '', signature = ''] = url.split('?')[1]?.split('&Signature=') ?? []
    assert.match(
      query,
      /^SAMLRequest=[^&]+&RelayState=[^&]+&SigAlg=http%3A%2F%2Fwww\.w3\.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256$/,
    )
    const { publicKey } = new X509Certificate(pem(pool.certificate))
    const verifies = (text: string) =>
      createVerify('sha256').update(text).verify(publicKey, decodeURIComponent(signature), 'base64')
    assert.ok(verifies(query))
    assert.ok(!verifies(query.replace('v1.a', 'v2.a')))
  })
})

describe('a response is read', () => {
  const facts = {
    issuer: entityId,
    destination: consumerUrl,
    inResponseTo: '_q',
    assertion: {
      id: '_a',
      issuer: entityId,
      issuedAt: now,
      nameId: 'ada',
      audiences: [['urn:amazon:cognito:sp:us-east-1_Abc']],
      notBefore: now - 300_000,
      notOnOrAfter: now + 300_000,
      bearers: [{ recipient: consumerUrl, inResponseTo: '_q', notOnOrAfter: now + 300_000 }],
      attributes: { [emailClaim]: 'ada@example.com', name: 'Ada' },
    },
  }
  const plain = () => said({ id: '_a' })
  const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
  const pss = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'
  const sha512 = {
    signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
  }
  const rows: readonly [string, () => string][] = [
    ['whose assertion is signed', () => signed(plain(), 'Assertion', idp)],
    ['that is signed as a whole', () => signed(plain(), 'Response', idp)],
    ['that is signed within and without', () => signed(signed(plain(), 'Assertion', idp), 'Response', idp)],
    ['with SHA-512', () => signed(plain(), 'Assertion', idp, sha512)],
    ['with RSA-PSS', () => signed(plain(), 'Assertion', idp, { signature: pss })],
    ['with prefixes that are signed', () => signed(plain(), 'Assertion', idp, { prefixes: ['xs', 'samlp'] })],
    ['in inclusive canonical form', () => signed(plain(), 'Assertion', idp, { canonical: inclusive })],
    [
      'in inclusive canonical form, as a whole',
      () => signed(plain(), 'Response', idp, { canonical: inclusive }),
    ],
    [
      'with a declaration and lines of another system',
      () => {
        const xml = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n${signed(plain(), 'Assertion', idp)}`
        return xml.replace(/(?<!\r)\n/g, '\r\n')
      },
    ],
    [
      'with prefixes of its own',
      () =>
        signed(
          plain()
            .replaceAll(/\bsaml:/g, 's2:')
            .replaceAll(/\bsamlp:/g, 'p:')
            .replace('xmlns:samlp=', 'xmlns:p=')
            .replace('xmlns:saml=', 'xmlns:s2='),
          'Assertion',
          idp,
        ),
    ],
    [
      'with a comment in it, that is not signed',
      () => signed(plain(), 'Assertion', idp).replace('>ada<', '>a<!-- x -->da<'),
    ],
  ]
  for (const [name, make] of rows) test(name, async () => assert.deepEqual(await read(make()), facts))

  test('under any of several certificates', async () => {
    const both = { ...provider, certificates: [other.certificate, idp.certificate] }
    assert.deepEqual(await read(signed(plain(), 'Assertion', idp), both), facts)
    assert.equal((await read(assertionSigned({}, other), both)).assertion.nameId, 'ada')
  })

  test('in base64 with lines', async () => {
    const lines = base64(signed(plain(), 'Assertion', idp)).replace(/.{76}/g, '$&\r\n')
    assert.deepEqual(await nodeSaml.read(provider, lines), facts)
  })

  const ciphers = [
    'aes128-cbc',
    'aes192-cbc',
    'aes256-cbc',
    'aes128-gcm',
    'aes192-gcm',
    'aes256-gcm',
  ] as const
  const ways: readonly Encryption[] = [
    ...ciphers.map((cipher) => ({ cipher, key: 'rsa-oaep-mgf1p' }) as const),
    { cipher: 'aes256-gcm', key: 'rsa-oaep' },
    { cipher: 'aes256-gcm', key: 'rsa-oaep', hash: 'sha256' },
    { cipher: 'aes128-cbc', key: 'rsa-oaep', hash: 'sha512' },
  ]
  for (const how of ways) {
    test(`encrypted by ${how.cipher} under ${how.key} ${how.hash ?? ''}`, async () => {
      const within = encrypted(signed(plain(), 'Assertion', idp), pool.certificate, how)
      assert.deepEqual(await read(within, secretive), facts)
      const without = signed(encrypted(plain(), pool.certificate, how), 'Response', idp)
      assert.deepEqual(await read(without, secretive), facts)
    })
  }

  test('with every value of an attribute, as one text', async () => {
    const attributes = { groups: ['a b', 'c'], none: [], empty: '', ['__proto__']: 'x', constructor: 'y' }
    const more =
      '<saml:AttributeStatement><saml:Attribute Name="groups"><saml:AttributeValue>d<b xmlns="">e</b></saml:AttributeValue></saml:Attribute></saml:AttributeStatement>'
    const { assertion } = await read(assertionSigned({ attributes, more }))
    assert.deepEqual(Object.entries(assertion.attributes), [
      ['groups', '[a+b, c, de]'],
      ['empty', ''],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  test('with what else stands on white space around names', async () => {
    const { assertion } = await read(assertionSigned({ nameId: '\n  ada \n', issuer: ` ${entityId}\n` }))
    assert.equal(assertion.nameId, 'ada')
    assert.equal(assertion.issuer, entityId)
  })
})

describe('a response is refused', () => {
  const rows: readonly [string, () => string, string][] = [
    ['that is not signed', () => said(), badSignature],
    ['that somebody else has signed', () => assertionSigned({}, other), badSignature],
    ['that somebody else has signed as a whole', () => signed(said(), 'Response', other), badSignature],
    [
      'whose whole somebody else has signed, whoever has signed within',
      () => signed(assertionSigned(), 'Response', other),
      badSignature,
    ],
    ['that is signed with SHA-1', () => signed(said(), 'Assertion', idp, sha1), badSignature],
    [
      'whose digest is SHA-1',
      () => signed(said(), 'Assertion', idp, { ...sha256, digest: sha1.digest }),
      badSignature,
    ],
    ['whose name was changed', () => assertionSigned().replace('>ada<', '>bob<'), badSignature],
    [
      'whose name was changed where it is signed as a whole',
      () => signed(said(), 'Response', idp).replace('>ada<', '>bob<'),
      badSignature,
    ],
    [
      'whose signature was cut out',
      () => assertionSigned().replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, ''),
      badSignature,
    ],
    [
      'that is signed twice',
      () => {
        const xml = assertionSigned()
        const [signature = ''] = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(xml) ?? []
        return xml.replace(signature, signature + signature)
      },
      badSignature,
    ],
    [
      'of another kind',
      () => said().replaceAll('samlp:Response', 'samlp:LogoutResponse'),
      'The SAML response is none.',
    ],
    [
      'of the same name elsewhere',
      () => said().replace('xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"', 'xmlns:samlp="urn:x"'),
      'The SAML response is none.',
    ],
    [
      'that is an assertion',
      () =>
        /<saml:Assertion[\s\S]*<\/saml:Assertion>/
          .exec(assertionSigned())?.[0]
          .replace(' ID', ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID') ?? '',
      'The SAML response is none.',
    ],
    ['of another version', () => said({ version: '1.1' }), 'The SAML response is not of version 2.0.'],
    [
      'without an assertion',
      () => said().replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, ''),
      'The SAML response has no assertion.',
    ],
    [
      'with two assertions',
      () => said().replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, '$&$&'),
      'The SAML response has more than one assertion.',
    ],
    [
      'whose assertion is of another namespace',
      () => signed(said().replace('<saml:Assertion', '<saml:Assertion xmlns:saml="urn:x"'), 'Assertion', idp),
      'The SAML response has no assertion.',
    ],
    [
      'that is encrypted',
      () => encrypted(assertionSigned(), pool.certificate),
      'The assertion is encrypted.',
    ],
    [
      'with a condition that is not understood',
      () => assertionSigned({ condition: '<saml:Condition/>' }),
      'The condition Condition is not understood.',
    ],
    ['without a name', () => assertionSigned({ nameId: undefined }), 'The SAML response has no NameID.'],
    ['with a name that is none', () => assertionSigned({ nameId: '  ' }), 'The NameID is empty.'],
    [
      'with two subjects',
      () => assertionSigned({ more: '<saml:Subject/>' }),
      'The SAML response has more than one Subject.',
    ],
    ['with a time that is none', () => assertionSigned({ notOnOrAfter: 'soon' }), 'NotOnOrAfter is no time.'],
    [
      'with a time of no zone',
      () => assertionSigned({ confirmedUntil: iso(now + 1).replace('Z', '') }),
      'NotOnOrAfter is no time.',
    ],
    [
      'that says that nobody has signed in',
      () =>
        said({
          status:
            '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>',
        }),
      'The identity provider answered with the status AuthnFailed.',
    ],
    [
      'that says so in no words',
      () => said({ status: '<samlp:StatusCode Value="&lt;script>"/>' }),
      'The identity provider answered with the status unknown.',
    ],
    [
      'with a document type',
      () => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${assertionSigned()}`,
      'The SAML response has a document type.',
    ],
    [
      'with entities in it',
      () => assertionSigned().replace('>ada<', '>&x;<'),
      'The SAML response is not XML.',
    ],
    ['that is not XML', () => 'SAML', 'The SAML response is not XML.'],
    ['that is not XML to the end', () => `${assertionSigned()}<more/>`, 'The SAML response is not XML.'],
    [
      'that is not XML to the letter',
      () => assertionSigned().replace('Version="2.0"', 'Version=2.0'),
      'The SAML response is not XML.',
    ],
    [
      'that is nested too deeply',
      () =>
        assertionSigned().replace(
          '<samlp:Status>',
          `<samlp:Extensions>${'<a>'.repeat(8000)}${'</a>'.repeat(8000)}</samlp:Extensions>$&`,
        ),
      'The SAML response is nested too deeply.',
    ],
    [
      'of too many parts',
      () =>
        assertionSigned().replace(
          '<samlp:Status>',
          `<samlp:Extensions>${'<a/>'.repeat(3000)}</samlp:Extensions>$&`,
        ),
      'The SAML response has too many parts.',
    ],
    [
      'whose signature is of too many prefixes',
      () =>
        assertionSigned().replace(
          /(xml-exc-c14n#")\/>(<\/ds:Transforms>)/,
          `$1><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="${'a '.repeat(300)}"/></ds:Transform>$2`,
        ),
      badSignature,
    ],
    [
      'that is too long',
      () => `${assertionSigned()}${' '.repeat(80_000)}`,
      'The SAML response is longer than 100000 characters.',
    ],
  ]
  for (const [name, make, text] of rows)
    test(name, () => assert.rejects(async () => read(make()), refuses(text)))

  test('that is no text', async () => {
    for (const [response, text] of [
      ['', 'The SAML response is not base64.'],
      ['<Response/>', 'The SAML response is not base64.'],
      ['/w==', 'The SAML response is not UTF-8.'],
    ] as const)
      await assert.rejects(nodeSaml.read(provider, response), refuses(text), response)
  })

  describe('where assertions are to be encrypted', () => {
    const rows: readonly [string, () => string, string][] = [
      ['and it is not', () => assertionSigned(), 'The assertion is not encrypted.'],
      ['and for somebody else', () => encrypted(assertionSigned(), other.certificate), badSignature],
      ['and it is not signed', () => encrypted(said(), pool.certificate), badSignature],
      [
        'and signed by somebody else',
        () => encrypted(assertionSigned({}, other), pool.certificate),
        badSignature,
      ],
      [
        'and signed with SHA-1',
        () => encrypted(signed(said(), 'Assertion', idp, sha1), pool.certificate),
        badSignature,
      ],
      [
        'and it was changed',
        () => encrypted(assertionSigned().replace('>ada<', '>bob<'), pool.certificate),
        badSignature,
      ],
      [
        'and its text was changed',
        () => {
          const xml = encrypted(assertionSigned(), pool.certificate)
          return xml.replace(/.{4}(?=<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, 'AAAA')
        },
        badSignature,
      ],
      [
        'and its key by PKCS #1 1.5',
        () => encrypted(assertionSigned(), pool.certificate, { cipher: 'aes256-cbc', key: 'rsa-1_5' }),
        badSignature,
      ],
      [
        'and holds something else',
        () => encrypted(said(), pool.certificate, undefined, '<Assertion/>'),
        badSignature,
      ],
      [
        'and in no known way',
        () => encrypted(assertionSigned(), pool.certificate).replace('#aes256-cbc', '#tripledes-cbc'),
        badSignature,
      ],
      [
        'and with nothing in it',
        () =>
          encrypted(assertionSigned(), pool.certificate).replace(
            /<xenc:EncryptedData[\s\S]*<\/xenc:EncryptedData>/,
            '',
          ),
        badSignature,
      ],
    ]
    for (const [name, make, text] of rows)
      test(name, () => assert.rejects(async () => read(make(), secretive), refuses(text)))
  })
})

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { newCertificateText, samlDocument, samlKey, samlMetadata, samlService } from '../../test/providers.ts'
import { Fault } from '../domain/faults.ts'
import { readSamlMetadata } from './saml-metadata.ts'

const sso = samlService('SingleSignOnService', 'https://idp.example.com/sso')
const unreadable = 'Unable to unmarshall metadata'

const refuses = (xml: string, text: string) =>
  assert.throws(
    () => readSamlMetadata(xml),
    (error) => {
      assert.ok(error instanceof Fault)
      assert.deepEqual([error.code, error.message], ['InvalidParameter', text])
      return true
    },
  )

describe('SAML metadata', () => {
  let certificate: string
  before(async () => {
    certificate = await newCertificateText()
  })

  test('say who it is, where it signs on and out, and what it signs under', () => {
    assert.deepEqual(readSamlMetadata(samlMetadata(certificate)), {
      entityId: 'https://idp.example.com/entity',
      signOnUrl: 'https://idp.example.com/sso',
      signOutUrl: 'https://idp.example.com/slo?a=1&b=2',
      certificates: [certificate],
    })
  })

  test('go by the namespace, whatever it is called', () => {
    const prefixed = `\u{FEFF}${samlMetadata(certificate)}`
      .replace('xmlns=', 'xmlns:md=')
      .replace(/<(\/?)(?=[A-Z])/g, '<$1md:')
      .replace(/ds:/g, 'sig:')
      .replace('xmlns:ds', 'xmlns:sig')
    assert.deepEqual(readSamlMetadata(prefixed), readSamlMetadata(samlMetadata(certificate)))
    refuses(samlMetadata(certificate).replace('SAML:2.0:metadata', 'SAML:1.1:metadata'), unreadable)
  })

  test('may list many entities, one of them an identity provider', () => {
    const one = samlDocument(samlKey(certificate) + sso).replace(/<\?.*?\?>/, '')
    const other = '<EntityDescriptor entityID="sp"><SPSSODescriptor/></EntityDescriptor>'
    const wrap = (content: string) =>
      `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${content}</EntitiesDescriptor>`
    assert.equal(readSamlMetadata(wrap(other + one)).entityId, 'https://idp.example.com/entity')
    refuses(wrap(other), 'No identity provider found in metadata.')
    refuses(wrap(one + one), 'More than one identity provider found in metadata.')
  })

  test('a key without a use is for signing, and one for encryption is not', () => {
    const { certificates } = readSamlMetadata(samlDocument(samlKey(certificate, '') + sso))
    assert.deepEqual(certificates, [certificate])
    refuses(
      samlDocument(samlKey(certificate, ' use="encryption"') + sso),
      'No signing certificate found in metadata.',
    )
  })

  test('of which something is missing or wrong are refused', () => {
    const key = samlKey(certificate)
    const nowhere = 'No SingleSignOn Http redirect binding location found in metadata.'
    refuses(samlDocument(key), nowhere)
    refuses(
      samlDocument(key + samlService('SingleSignOnService', 'https://idp.example.com/', 'POST')),
      nowhere,
    )
    refuses(samlDocument(key + samlService('SingleSignOnService', 'javascript:alert(1)')), nowhere)
    refuses(samlDocument(key + sso, ''), 'No identity provider found in metadata.')
    refuses(
      samlDocument(samlKey('bm90IGEgY2VydGlmaWNhdGU=') + sso),
      'A certificate in metadata cannot be read.',
    )
  })

  test('that are no XML, or have a DTD, are refused', () => {
    const whole = samlMetadata(certificate)
    const bomb = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    const outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    for (const xml of [
      '',
      'metadata',
      '{}',
      '<html/>',
      whole.slice(0, -20),
      `${whole}<more/>`,
      whole.replace('?>', `?>${bomb}`),
      whole.replace('?>', `?>${outside}`),
      whole.replace('entityID="', 'entityID="&xxe;'),
    ])
      refuses(xml, unreadable)
  })

  test('of a mebibyte are read in no time, whatever is in them', () => {
    const deep = '<a>'.repeat(170_000) + '</a>'.repeat(170_000)
    const wide = '<a b="c"/>'.repeat(100_000)
    for (const filling of [deep, wide]) {
      const began = performance.now()
      assert.throws(() => readSamlMetadata(samlDocument(filling)), Fault)
      assert.ok(performance.now() - began < 10_000)
    }
  })
})

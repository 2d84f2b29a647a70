import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { minutes, seconds } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import {
  checkCharacters,
  checkResponse,
  entityIdOf,
  joined,
  type SamlResponse,
  usedLifetime,
} from './saml.ts'

const now = Date.UTC(2026, 10, 23, 12)
const issuer = 'https://idp.example.com'
const audience = entityIdOf({ id: 'us-east-1_Abc' })
const recipient = 'https://auth.example.com/saml2/idpresponse'
const asked = { issuer, audience, recipient, requestId: '_1' }
const unasked = { ...asked, requestId: undefined }

/** A response that is in order, changed. */
const response = (
  assertion: Partial<SamlResponse['assertion']> = {},
  envelope: Partial<SamlResponse> = {},
): SamlResponse => ({
  issuer,
  destination: recipient,
  inResponseTo: '_1',
  ...envelope,
  assertion: {
    id: '_a',
    issuer,
    issuedAt: now,
    nameId: 'ada',
    audiences: [[audience]],
    bearers: [{ recipient, inResponseTo: '_1', notOnOrAfter: now + minutes(5) }],
    attributes: {},
    ...assertion,
  },
})
const { inResponseTo: _, ...alone } = response()
const bearer = { recipient, notOnOrAfter: now + minutes(5) }
const unsolicited = (assertion: Partial<SamlResponse['assertion']> = {}): SamlResponse => ({
  ...alone,
  assertion: { ...alone.assertion, bearers: [bearer], ...assertion },
})

const refuses = (text: string) => (error: unknown) =>
  error instanceof Fault && error.code === 'InvalidParameter' && error.message === text

describe('a response is believed', () => {
  const rows: readonly [string, SamlResponse][] = [
    ['that says all there is to say', response()],
    ['that leaves out what is around its assertion', { inResponseTo: '_1', assertion: response().assertion }],
    ['that is for others too', response({ audiences: [['urn:other', audience], [audience]] })],
    ['from the moment on, give or take a minute', response({ notBefore: now + minutes(1) })],
    ['up to a minute after its end', response({ notOnOrAfter: now - minutes(1) + 1 })],
    [
      'that one of several bearers may bring',
      response({
        bearers: [
          { recipient: 'https://other', inResponseTo: '_1', notOnOrAfter: now + 1 },
          { recipient, inResponseTo: '_1', notOnOrAfter: now - minutes(1) + 1, notBefore: now + minutes(1) },
        ],
      }),
    ],
  ]
  for (const [name, said] of rows) test(name, () => checkResponse(said, asked, now))

  test('that nobody asked for, for six minutes and the minute that clocks may be off', () => {
    checkResponse(unsolicited({ issuedAt: now - minutes(7) + 1 }), unasked, now)
  })
})

describe('a response is refused', () => {
  const strange = { recipient, inResponseTo: '_2', notOnOrAfter: now + minutes(5) }
  const noTerms = 'No subject confirmation is for this endpoint, this request and this time.'
  const rows: readonly [string, SamlResponse, string][] = [
    ['of another issuer', response({ issuer: 'https://evil' }), 'The issuer is not the identity provider.'],
    [
      'in an envelope of another issuer',
      response({}, { issuer: 'https://evil' }),
      'The issuer is not the identity provider.',
    ],
    [
      'for another endpoint',
      response({}, { destination: `${recipient}/` }),
      'The destination is not this endpoint.',
    ],
    ['to another request', response({}, { inResponseTo: '_2' }), 'InResponseTo is not the request.'],
    ['to no request', { ...alone, assertion: response().assertion }, 'InResponseTo is not the request.'],
    ['for nobody in particular', response({ audiences: [] }), `The audience is not ${audience}.`],
    [
      'for another pool',
      response({ audiences: [[entityIdOf({ id: 'us-east-1_Abcd' })]] }),
      `The audience is not ${audience}.`,
    ],
    [
      'for us and then again not for us',
      response({ audiences: [[audience], ['urn:other']] }),
      `The audience is not ${audience}.`,
    ],
    ['before its time', response({ notBefore: now + minutes(1) + 1 }), 'The assertion is not yet valid.'],
    ['before it was issued', response({ issuedAt: now + minutes(1) + 1 }), 'The assertion is not yet valid.'],
    ['after its time', response({ notOnOrAfter: now - minutes(1) }), 'The assertion has expired.'],
    ['that nobody may bring', response({ bearers: [] }), noTerms],
    [
      'that is to be brought elsewhere',
      response({ bearers: [{ ...strange, recipient: 'https://other' }] }),
      noTerms,
    ],
    ['whose assertion is for another request', response({ bearers: [strange] }), noTerms],
    ['whose assertion is for no request', response({ bearers: [bearer] }), noTerms],
    [
      'that was to be brought before',
      response({ bearers: [{ recipient, inResponseTo: '_1', notOnOrAfter: now - minutes(1) }] }),
      noTerms,
    ],
    [
      'that is to be brought later',
      response({
        bearers: [
          { recipient, inResponseTo: '_1', notOnOrAfter: now + minutes(9), notBefore: now + minutes(2) },
        ],
      }),
      noTerms,
    ],
    ['that may be brought for ever', response({ bearers: [{ recipient, inResponseTo: '_1' }] }), noTerms],
  ]
  for (const [name, said, text] of rows)
    test(name, () => assert.throws(() => checkResponse(said, asked, now), refuses(text)))

  const unaskedRows: readonly [string, SamlResponse, string][] = [
    ['and says what it answers', response(), 'InResponseTo is not the request.'],
    [
      'and its assertion says what it answers',
      unsolicited({ bearers: [{ ...bearer, inResponseTo: '_1' }] }),
      noTerms,
    ],
    [
      'and was issued too long ago',
      unsolicited({ issuedAt: now - minutes(7) }),
      'The assertion was issued too long ago.',
    ],
    ['and has no terms', unsolicited({ bearers: [] }), noTerms],
  ]
  for (const [name, said, text] of unaskedRows)
    test(`that nobody asked for ${name}`, () =>
      assert.throws(() => checkResponse(said, unasked, now), refuses(text)))
})

test('several values become one text, as the live service writes them', () => {
  assert.equal(joined(['one']), 'one')
  assert.equal(joined(['a b/c, [d]']), 'a b/c, [d]')
  assert.equal(joined(['test-group-two', 'test-group-one']), '[test-group-two, test-group-one]')
  assert.equal(joined(['a.b-c*d_e', 'a b', 'é,[/]']), '[a.b-c*d_e, a+b, %C3%A9%2C%5B%2F%5D]')
})

test('characters of four bytes are refused', () => {
  checkCharacters({ name: 'Ada 東京 \uffff' })
  assert.throws(
    () => checkCharacters({ mail: 'a@b.c', name: 'Ada 😐' }),
    refuses('The attribute name has a character of four bytes.'),
  )
})

test('what has been used is remembered for longer than it is good', () => {
  assert.ok(usedLifetime > minutes(7) + seconds(1))
})

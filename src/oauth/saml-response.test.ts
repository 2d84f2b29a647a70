import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  DeleteIdentityProviderCommand,
  ListUsersCommand,
  UpdateIdentityProviderCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import fc from 'fast-check'
import { clientOf, type Place } from '../../test/accounts.ts'
import { onEachStore, startServer } from '../../test/harness.ts'
import {
  authorizeUrl,
  type Browser,
  browserAt,
  callback,
  exchange,
  openClient,
} from '../../test/identity-provider.ts'
import { oidcDetails, providersAt } from '../../test/providers.ts'
import {
  bringBack,
  comeBySaml,
  consumerUrl,
  corp,
  emailClaim,
  formOf,
  goToCorp,
  iso,
  metadataOf,
  newSigner,
  responseOf,
  type Said,
  type Signer,
  samlPlace,
  sha1,
  signed,
} from '../../test/saml-provider.ts'
import { functionArnOf } from '../../test/trigger-functions.ts'
import { minutes } from '../lib/instant.ts'

const parametersOf = (url: URL) => Object.fromEntries(url.searchParams)
const badSignature = 'SAML Assertion signature is invalid.'
const lost = 'Invalid samlResponse or relayState from identity provider'
const noTerms = 'No subject confirmation is for this endpoint, this request and this time.'

/** What the app is told, to the letter. */
const told = (text: string, state = '&state=the-apps-own') =>
  `${callback}?error_description=${new URLSearchParams([['', `Invalid SAML response received: ${text} `]]).toString().slice(1)}${state}&error=server_error`

describe('POST /saml2/idpresponse', () => {
  onEachStore((server) => {
    let idp: Signer
    let mallory: Signer
    let place: Place
    before(async () => {
      ;[idp, mallory] = await Promise.all([newSigner(), newSigner()])
      place = await samlPlace(server(), [idp])
    })
    const said = (more: Partial<Said> & Pick<Said, 'requestId'>, to = place): string =>
      responseOf({ now: server().clock.now, poolId: to.UserPoolId, ...more })
    const comes = (more: Partial<Said> = {}, to = place, browser = browserAt(server)) =>
      comeBySaml(server(), browser, idp, to, more)
    const usersOf = async ({ UserPoolId }: Place) => {
      const { Users = [] } = await server().client.send(new ListUsersCommand({ UserPoolId }))
      return Users.map(({ Username }) => Username).sort()
    }

    describe('tells the app', () => {
      const now = () => server().clock.now
      const rows: readonly [string, () => Partial<Said>, string][] = [
        ['of another issuer', () => ({ issuer: 'https://evil' }), 'The issuer is not the identity provider.'],
        [
          'of another pool’s audience',
          () => ({ audience: 'urn:amazon:cognito:sp:us-east-1_Other' }),
          'The audience is not urn:amazon:cognito:sp:the-pool.',
        ],
        [
          'of no audience',
          () => ({ audience: undefined }),
          'The audience is not urn:amazon:cognito:sp:the-pool.',
        ],
        [
          'of another destination',
          () => ({ destination: `${consumerUrl}x` }),
          'The destination is not this endpoint.',
        ],
        ['of another recipient', () => ({ recipient: 'https://evil/saml2/idpresponse' }), noTerms],
        ['of no recipient', () => ({ recipient: undefined }), noTerms],
        ['of another request', () => ({ responseTo: '_other' }), 'InResponseTo is not the request.'],
        ['of no request', () => ({ responseTo: undefined }), 'InResponseTo is not the request.'],
        ['of another request that is signed', () => ({ confirmedTo: '_other' }), noTerms],
        ['of an assertion that nobody asked for', () => ({ confirmedTo: undefined }), noTerms],
        [
          'of another way to confirm',
          () => ({ method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }),
          noTerms,
        ],
        [
          'of an end that has come',
          () => ({ notOnOrAfter: iso(now() - minutes(1)) }),
          'The assertion has expired.',
        ],
        ['of a confirmation’s end', () => ({ confirmedUntil: iso(now() - minutes(1)) }), noTerms],
        [
          'of a time to come',
          () => ({ notBefore: iso(now() + minutes(2)) }),
          'The assertion is not yet valid.',
        ],
        [
          'of a provider that says no',
          () => ({ status: '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Requester"/>' }),
          'The identity provider answered with the status Requester.',
        ],
        [
          'of a character of four bytes',
          () => ({ attributes: { [emailClaim]: 'a@b.c', name: '😐' } }),
          'The attribute name has a character of four bytes.',
        ],
        [
          'of an attribute that does not fit',
          () => ({ attributes: { [emailClaim]: 'a@b.c', name: 'x'.repeat(2049) } }),
          'Invalid user attributes: name: String must be no longer than 2048 characters',
        ],
        [
          'of a name that nobody can have',
          () => ({ nameId: 'ada lovelace' }),
          'username: The subject of the identity provider cannot be a username.',
        ],
      ]
      for (const [name, more, text] of rows) {
        test(name, async () => {
          const back = await comes(more())
          assert.equal(back.href, told(text.replace('the-pool', place.UserPoolId)))
        })
      }

      const signatures: readonly [string, (xml: string) => string][] = [
        ['no signature', (xml) => xml],
        ['another provider’s signature', (xml) => signed(xml, 'Assertion', mallory)],
        ['a signature with SHA-1', (xml) => signed(xml, 'Assertion', idp, sha1)],
        ['a signature of something else', (xml) => signed(xml, 'Assertion', idp).replace('>ada<', '>bob<')],
      ]
      for (const [name, make] of signatures) {
        test(`of ${name}`, async () => {
          const browser = browserAt(server)
          const { id, relayState } = await goToCorp(browser, place)
          const back = await bringBack(browser, make(said({ requestId: id })), relayState)
          assert.equal(back.href, told(badSignature))
        })
      }

      test('of a response that is too long', async () => {
        const browser = browserAt(server)
        const { relayState } = await goToCorp(browser, place)
        const back = await bringBack(browser, 'x'.repeat(75_001), relayState)
        assert.equal(back.href, told('The SAML response is longer than 100000 characters.'))
      })

      test('of an answer to another request of the same browser', async () => {
        const browser = browserAt(server)
        const one = await goToCorp(browser, place)
        const other = await goToCorp(browser, place)
        const xml = signed(said({ requestId: one.id }), 'Assertion', idp)
        assert.equal(
          (await bringBack(browser, xml, other.relayState)).href,
          told('InResponseTo is not the request.'),
        )
        assert.ok((await bringBack(browser, xml, one.relayState)).searchParams.has('code'))
      })

      test('of a required attribute that is not there', async () => {
        const strict = await samlPlace(server(), [idp], {
          pool: { Schema: [{ Name: 'email', Required: true, Mutable: true }] },
        })
        assert.equal(
          (await comes({ attributes: {} }, strict)).href,
          told('Invalid user attributes: email: The attribute is required'),
        )
        assert.ok((await comes({}, strict)).searchParams.has('code'))
        assert.equal(
          (await comes({ attributes: { [emailClaim]: '' } }, strict)).href,
          told('Invalid user attributes: email: Required attribute cannot be deleted.'),
        )
      })

      test('of a user who is disabled', async () => {
        assert.ok((await comes({ nameId: 'eve' })).searchParams.has('code'))
        await server().client.send(
          new AdminDisableUserCommand({ UserPoolId: place.UserPoolId, Username: `${corp}_eve` }),
        )
        assert.equal((await comes({ nameId: 'eve' })).href, told('User is disabled.'))
      })

      test('what its function says', async () => {
        server().functions.define({
          refuse: () => {
            throw new Error('Invalid email domain')
          },
        })
        const guarded = await samlPlace(server(), [idp], {
          pool: { LambdaConfig: { PreSignUp: functionArnOf('refuse') } },
        })
        assert.equal(
          (await comes({}, guarded)).href,
          told('PreSignUp failed with error Invalid email domain.'),
        )
      })

      test('and signs up nobody of all these', async () => {
        const seen = await usersOf(place)
        assert.deepEqual(seen, [`${corp}_ada`, `${corp}_eve`])
      })
    })

    describe('believes a response once', () => {
      test('and once among many that race', async () => {
        const browser = browserAt(server)
        const { id, relayState } = await goToCorp(browser, place)
        const form = formOf(signed(said({ requestId: id }), 'Assertion', idp), relayState)
        const backs = await Promise.all(
          Array.from({ length: 6 }, () => browser.sentTo('/saml2/idpresponse', form)),
        )
        const codes = backs.filter((back) => back.searchParams.has('code'))
        assert.equal(codes.length, 1)
        const refusals = new Set(backs.filter((back) => !codes.includes(back)).map(({ href }) => href))
        assert.deepEqual([...refusals], [told('The assertion has been used before.')])
        server().clock.now += minutes(4)
        assert.equal(
          (await browser.sentTo('/saml2/idpresponse', form)).href,
          told('The assertion has been used before.'),
        )
      })

      test('whose assertion has a name that was used before', async () => {
        assert.ok((await comes({ id: '_same' })).searchParams.has('code'))
        assert.equal((await comes({ id: '_same' })).href, told('The assertion has been used before.'))
      })

      test('but the name is another provider’s too', async () => {
        const elsewhere = await samlPlace(server(), [idp])
        assert.ok((await comes({ id: '_shared' })).searchParams.has('code'))
        assert.ok((await comes({ id: '_shared' }, elsewhere)).searchParams.has('code'))
      })
    })

    describe('keeps the user here, where nothing says whose user it is', () => {
      const stays = async (back: Promise<URL>, error = lost) => {
        const url = await back
        assert.equal(url.pathname, '/error')
        assert.deepEqual(parametersOf(url), { error })
      }
      const good = async (browser: Browser, to = place) => {
        const { id, relayState } = await goToCorp(browser, to)
        return { xml: signed(said({ requestId: id }, to), 'Assertion', idp), relayState }
      }

      test('in another browser', async () => {
        const { xml, relayState } = await good(browserAt(server))
        const other = browserAt(server)
        await goToCorp(other, place)
        await stays(bringBack(other, xml, relayState))
      })

      test('after five minutes', async () => {
        const browser = browserAt(server)
        const { xml, relayState } = await good(browser)
        server().clock.now += minutes(5)
        await stays(bringBack(browser, xml, relayState))
      })

      test('with a state that is none', async () => {
        const browser = browserAt(server)
        const { xml, relayState } = await good(browser)
        for (const state of ['', 'x', `${relayState}x`, relayState.slice(0, -4)])
          await stays(bringBack(browser, xml, state))
      })

      test('without what there must be', async () => {
        for (const [fields, missing] of [
          [{ SAMLResponse: 'x' }, 'RelayState'],
          [{ RelayState: 'x' }, 'SAMLResponse'],
        ] as const) {
          const form = { method: 'POST', body: new URLSearchParams(fields) }
          await stays(
            browserAt(server).sentTo('/saml2/idpresponse', form),
            `Required String parameter '${missing}' is not present`,
          )
        }
      })

      test('with the state of a sign-in elsewhere, and elsewhere with one of these', async () => {
        const both = await samlPlace(server(), [idp])
        await providersAt(server).create(both.UserPoolId, 'Acme', {
          ProviderType: 'OIDC',
          ProviderDetails: {
            ...oidcDetails,
            authorize_url: 'https://id.example.com/a',
            token_url: 'https://id.example.com/t',
            attributes_url: 'https://id.example.com/u',
            jwks_uri: 'https://id.example.com/k',
          },
        })
        const open = await clientOf(server(), both.UserPoolId, {
          ...openClient,
          SupportedIdentityProviders: [corp, 'Acme'],
        })
        const browser = browserAt(server)
        const { xml, relayState } = await good(browser, open)
        const url = await browser.sentTo(authorizeUrl(open, { identity_provider: 'Acme' }))
        await stays(bringBack(browser, xml, url.searchParams.get('state') ?? ''))
        const body = new URLSearchParams({
          state: relayState,
          SAMLResponse: Buffer.from(xml).toString('base64'),
        })
        await stays(
          browser.sentTo('/oauth2/idpresponse', { method: 'POST', body }),
          'The sign-in has expired. Please try again',
        )
        assert.ok((await bringBack(browser, xml, relayState)).searchParams.has('code'))
      })

      test('when the provider is gone, or no longer offered', async () => {
        const passing = await samlPlace(server(), [idp])
        const browser = browserAt(server)
        const { UserPoolId, ClientId } = passing
        const first = await good(browser, passing)
        await server().client.send(
          new UpdateUserPoolClientCommand({
            UserPoolId,
            ClientId,
            ...openClient,
            SupportedIdentityProviders: ['COGNITO'],
          }),
        )
        await stays(bringBack(browser, first.xml, first.relayState))
        await server().client.send(new DeleteIdentityProviderCommand({ UserPoolId, ProviderName: corp }))
        await stays(bringBack(browser, first.xml, first.relayState))
      })
    })

    test('a browser that another site has sent is asked to come again', async () => {
      const browser = browserAt(server)
      const { id, relayState } = await goToCorp(browser, place)
      const form = formOf(signed(said({ requestId: id, nameId: 'eva' }), 'Assertion', idp), `${relayState}`)
      const page = await server().web('/saml2/idpresponse', form)
      assert.equal(page.status, 200)
      assert.match(
        page.headers.get('content-security-policy') ?? '',
        /^default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; frame-ancestors 'none'; base-uri 'none'$/,
      )
      const text = await page.text()
      const fields = [...text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ])
      assert.deepEqual(
        fields.map(([name]) => name),
        ['SAMLResponse', 'RelayState', 'again'],
      )
      const body = new URLSearchParams(fields as [string, string][])
      const back = await browser.sentTo('/saml2/idpresponse', { method: 'POST', body })
      assert.ok(back.searchParams.has('code'), back.href)
      const stranger = await browserAt(server).sentTo('/saml2/idpresponse', { method: 'POST', body })
      assert.deepEqual(parametersOf(stranger), { error: lost })
    })

    test('and the page that asks it shows nothing but text of what it is sent', async () => {
      const form = formOf('<x/>', '"><script>alert(1)</script>')
      const text = await (await server().web('/saml2/idpresponse', form)).text()
      assert.ok(text.includes('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'), text)
      assert.equal(text.match(/<script/g)?.length, 1)
    })

    describe('where the provider begins', () => {
      let open: Place
      before(async () => {
        open = await samlPlace(server(), [idp], { details: { IDPInit: 'true' } })
      })
      const relay = ({ ClientId }: Place, more: Readonly<Record<string, string | undefined>> = {}) => {
        const all = {
          identity_provider: corp,
          client_id: ClientId,
          redirect_uri: callback,
          response_type: 'code',
          scope: 'openid email',
          ...more,
        }
        const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
        return new URLSearchParams(given).toString()
      }
      const arrives = (
        more: Partial<Said> = {},
        parameters: Readonly<Record<string, string | undefined>> = {},
        to = open,
      ) => {
        const xml = signed(said({ requestId: undefined, ...more }, to), 'Assertion', idp)
        return bringBack(browserAt(server), xml, relay(to, parameters))
      }

      test('the user comes to the app with a code', async () => {
        const back = await arrives({ nameId: 'ida' })
        assert.equal(back.href.replace(/=.*/, ''), `${callback}?code`)
        const { body } = await exchange(server(), open, { code: back.searchParams.get('code') ?? '' })
        assert.match(String(body.id_token), /^ey/)
        assert.deepEqual(await usersOf(open), [`${corp}_ida`])
      })

      test('with a state, and with tokens', async () => {
        const back = await arrives(
          {},
          { response_type: 'token', state: 'mine', identity_provider: undefined },
        )
        const { state, token_type, id_token } = Object.fromEntries(new URLSearchParams(back.hash.slice(1)))
        assert.deepEqual({ state, token_type }, { state: 'mine', token_type: 'Bearer' })
        const [, claims = ''] = id_token?.split('.') ?? []
        assert.match(JSON.parse(Buffer.from(claims, 'base64url').toString()).nonce, /^[0-9a-f-]{36}$/)
      })

      const rows: readonly [string, Partial<Said>, string][] = [
        ['to a request', { responseTo: '_1' }, 'InResponseTo is not the request.'],
        ['for a request', { confirmedTo: '_1' }, noTerms],
        [
          'that is for another pool',
          { audience: 'urn:x' },
          'The audience is not urn:amazon:cognito:sp:the-pool.',
        ],
      ]
      for (const [name, more, text] of rows) {
        test(`not with a response ${name}`, async () => {
          const back = await arrives(more)
          assert.equal(back.href, told(text.replace('the-pool', open.UserPoolId), ''))
        })
      }

      test('not with one that was issued more than six minutes ago', async () => {
        const { now } = server().clock
        assert.ok((await arrives({ issuedAt: now - minutes(6) })).searchParams.has('code'))
        assert.equal(
          (await arrives({ issuedAt: now - minutes(7) })).href,
          told('The assertion was issued too long ago.', ''),
        )
      })

      test('not twice with the same', async () => {
        assert.ok((await arrives({ id: '_once' })).searchParams.has('code'))
        assert.equal((await arrives({ id: '_once' })).href, told('The assertion has been used before.', ''))
      })

      test('not where the provider may not', async () => {
        const closed = await samlPlace(server(), [idp])
        const back = await arrives({}, {}, closed)
        assert.equal(back.pathname, '/error')
        assert.deepEqual(parametersOf(back), { error: lost })
        assert.deepEqual(await usersOf(closed), [])
      })

      test('not at a client that offers more than SAML providers', async () => {
        const mixed = await clientOf(server(), open.UserPoolId, {
          ...openClient,
          SupportedIdentityProviders: ['COGNITO', corp],
        })
        assert.deepEqual(parametersOf(await arrives({}, {}, mixed)), { error: lost })
      })

      test('not for what an app may not ask for', async () => {
        const refusals: readonly [Record<string, string | undefined>, string][] = [
          [{ redirect_uri: undefined }, '/error?error=Required+parameters+missing'],
          [{ client_id: 'nobody' }, '/error?error=Client+does+not+exist'],
          [{ redirect_uri: `${callback}/` }, `/error?error=redirect_mismatch&client_id=${open.ClientId}`],
          [{ identity_provider: 'Google' }, `/error?${new URLSearchParams({ error: lost })}`],
          [{ identity_provider: 'COGNITO' }, `/error?${new URLSearchParams({ error: lost })}`],
          [{ scope: 'offline_access' }, '/back?error_description=invalid_scope&error=invalid_request'],
          [{ response_type: undefined }, '/back?error=invalid_request'],
        ]
        for (const [parameters, expected] of refusals) {
          const back = await arrives({}, parameters)
          assert.equal(`${back.pathname}${back.search}`, expected)
        }
      })
    })

    test('whatever comes is answered, and sends nobody to another address than the app’s', async () => {
      const open = await samlPlace(server(), [idp], { details: { IDPInit: 'true' } })
      const right = {
        client_id: open.ClientId,
        redirect_uri: callback,
        response_type: 'code',
        identity_provider: corp,
      }
      const text = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.constantFrom(
          '',
          'a\0b',
          '%00',
          '__proto__',
          'COGNITO',
          'PHg+',
          Buffer.from(said({ requestId: undefined }, open)).toString('base64'),
        ),
      )
      const names = [...Object.keys(right), 'scope', 'state', 'prompt', 'idp_identifier', 'nonce']
      const parameters = fc.record(
        Object.fromEntries(
          names.map((name) => [
            name,
            fc.option(
              fc.oneof({ weight: 4, arbitrary: fc.constant(right[name as 'client_id'] ?? 'x') }, text),
            ),
          ]),
        ),
      )
      await fc.assert(
        fc.asyncProperty(text, fc.oneof(text, parameters), fc.boolean(), async (response, state, again) => {
          const relayState =
            typeof state === 'string'
              ? state
              : new URLSearchParams(
                  Object.entries(state).flatMap(([name, value]): [string, string][] =>
                    value === null ? [] : [[name, value]],
                  ),
                ).toString()
          const body = new URLSearchParams({
            SAMLResponse: response,
            RelayState: relayState,
            ...(again && { again: 'true' }),
          })
          const answer = await server().web('/saml2/idpresponse', { method: 'POST', body })
          const location = answer.headers.get('location')
          assert.equal(answer.status, location === null ? 200 : 302, `${body}`)
          if (location === null) return
          const { origin, searchParams } = new URL(location, 'http://localhost:9229')
          assert.ok(['http://localhost:9229', new URL(callback).origin].includes(origin), location)
          assert.ok(!searchParams.has('code'), location)
        }),
        { numRuns: 300 },
      )
      assert.deepEqual(await usersOf(open), [])
    })

    test('a certificate that the metadata no longer has is worth nothing', async () => {
      const rolling = await samlPlace(server(), [idp])
      const next = await newSigner()
      const update = (...signers: Signer[]) =>
        server().client.send(
          new UpdateIdentityProviderCommand({
            UserPoolId: rolling.UserPoolId,
            ProviderName: corp,
            ProviderDetails: { MetadataFile: metadataOf(...signers) },
          }),
        )
      const comesFrom = (signer: Signer) => comeBySaml(server(), browserAt(server), signer, rolling)
      assert.equal((await comesFrom(next)).href, told(badSignature))
      await update(idp, next)
      assert.ok((await comesFrom(next)).searchParams.has('code'))
      assert.ok((await comesFrom(idp)).searchParams.has('code'))
      await update(next)
      assert.equal((await comesFrom(idp)).href, told(badSignature))
    })
  })

  test('over TLS, the cookie goes along when another site sends the user', async () => {
    const server = await startServer({ site: { publicUrl: 'https://auth.example.com' } })
    try {
      const place = await samlPlace(server, [await newSigner()])
      const response = await browserAt(() => server).go(
        authorizeUrl(place, { identity_provider: undefined }).replace('/', 'https://auth.example.com/'),
      )
      assert.match(
        response.headers.getSetCookie().join('\n'),
        /^csrf-state=[0-9a-f-]{36}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=None$/,
      )
    } finally {
      await server.stop()
    }
  })
})

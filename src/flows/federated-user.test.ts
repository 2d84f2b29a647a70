import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  type CreateUserPoolCommandInput,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import type { Place } from '../../test/accounts.ts'
import { attributesIn, createUser } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import {
  type Acme,
  authorizeUrl,
  browserAt,
  comeBy,
  exchange,
  federatedPlace,
  startAcme,
} from '../../test/identity-provider.ts'
import { account, oidcDetails } from '../../test/providers.ts'
import { functionArnOf, type TestFunction } from '../../test/trigger-functions.ts'
import { pass } from '../../test/triggered.ts'

const ada = { sub: 'ada', email: 'ada@example.com', name: 'Ada' }

/** What docs/triggers.md says of each. */
const documented = (row: string): string[] => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/triggers.md'), 'utf8')
  const [, sources = assert.fail(row)] = page.split(`\n| ${row} | `)
  return sources.split(' |\n')[0]?.split(', ') ?? []
}

/** Every function that a federated sign-in may run, under the name of its trigger. */
const all: Readonly<Record<string, TestFunction>> = {
  InboundFederation: pass,
  PreSignUp: pass,
  PostConfirmation: pass,
  PreAuthentication: pass,
  PostAuthentication: pass,
  PreTokenGeneration: pass,
}

const configured: CreateUserPoolCommandInput['LambdaConfig'] = {
  ...Object.fromEntries(
    Object.keys(all)
      .filter((name) => name !== 'InboundFederation')
      .map((name) => [name, functionArnOf(name)]),
  ),
  InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: functionArnOf('InboundFederation') },
}

describe('whoever an identity provider says that somebody is', () => {
  onEachStore((server) => {
    let acme: Acme
    before(async () => {
      acme = await startAcme(server())
    })

    /** A pool whose triggers are these functions, and pass where they are not. */
    const placeWith = (functions: Readonly<Record<string, TestFunction>>, pool = {}, client = {}) => {
      server().functions.define({ ...all, ...functions })
      return federatedPlace(server(), { pool: { LambdaConfig: configured, ...pool }, client })
    }
    const comes = (place: Place, claims: { readonly sub: string } = ada, userInfo = {}) =>
      comeBy(browserAt(server), acme, place, claims, { userInfo })
    const refused = (back: URL) => back.searchParams.get('error_description')
    const show = async ({ UserPoolId }: Place, Username: string) => {
      const { UserAttributes, ...user } = await server().client.send(
        new AdminGetUserCommand({ UserPoolId, Username }),
      )
      const { sub, identities, ...attributes } = attributesIn(UserAttributes)
      return { ...user, sub, identities: JSON.parse(identities ?? '[]'), attributes }
    }
    const names = async ({ UserPoolId }: Place) => {
      const { Users = [] } = await server().client.send(new ListUsersCommand({ UserPoolId }))
      return Users.map(({ Username }) => Username).sort()
    }
    const tokensOf = async (place: Place, back: URL) => {
      const { body } = await exchange(server(), place, { code: back.searchParams.get('code') ?? '' })
      return { id: decodeJwt(String(body.id_token)), access: decodeJwt(String(body.access_token)) }
    }

    test('is told to the functions of a first sign-in, in this order', async () => {
      const place = await placeWith({})
      server().functions.events()
      const back = await comes(place, ada, { name: 'Ada Lovelace', groups: ['math'] })
      assert.ok(back.searchParams.has('code'), back.href)
      const events = server().functions.events()
      assert.deepEqual(
        events.map(({ triggerSource }) => triggerSource),
        documented('the first'),
      )
      assert.deepEqual(
        events.map(({ userName }) => userName),
        ['ada', 'Acme_ada', 'Acme_ada', 'Acme_ada'],
      )
      const [inbound, preSignUp, postConfirmation] = events
      const said = inbound?.request.attributes as Record<string, Record<string, string>>
      const { nonce = '' } = said.idToken ?? {}
      const { access_token = '', id_token = '' } = said.tokenResponse ?? {}
      assert.ok(nonce && access_token && id_token)
      const now = String(server().clock.now / 1000)
      const idToken = {
        iss: oidcDetails.oidc_issuer,
        aud: oidcDetails.client_id,
        iat: now,
        exp: String(Number(now) + 300),
        nonce,
        ...ada,
      }
      assert.deepEqual(inbound, {
        version: '1',
        triggerSource: 'InboundFederation_ExternalProvider',
        region: 'us-east-1',
        userPoolId: place.UserPoolId,
        userName: 'ada',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: place.ClientId },
        request: {
          providerName: 'Acme',
          providerType: 'OIDC',
          attributes: {
            tokenResponse: { access_token, id_token, token_type: 'bearer', expires_in: '300' },
            idToken,
            userInfo: { sub: 'ada', name: 'Ada Lovelace', groups: '["math"]' },
          },
        },
        response: { userAttributesToMap: null },
      })
      assert.deepEqual(preSignUp?.request, {
        userAttributes: {
          'cognito:email_alias': '',
          'cognito:phone_number_alias': '',
          email: 'ada@example.com',
          email_verified: 'false',
          name: 'Ada Lovelace',
        },
        validationData: {},
      })
      const told = postConfirmation?.request.userAttributes as Record<string, string>
      assert.equal(told['cognito:user_status'], 'EXTERNAL_PROVIDER')
    })

    test('is told to those of a later one, and the profile is brought up to date', async () => {
      const place = await placeWith({})
      await comes(place)
      server().functions.events()
      await comes(place, { ...ada, name: 'Ada L.' } as typeof ada)
      assert.deepEqual(
        server()
          .functions.events()
          .map(({ triggerSource }) => triggerSource),
        documented('a later one, or that of a linked user'),
      )
      assert.equal((await show(place, 'Acme_ada')).attributes.name, 'Ada L.')
      assert.deepEqual(await names(place), ['Acme_ada'])
    })

    test('is who an InboundFederation function says, and of what it leaves out nothing is kept', async () => {
      const place = await placeWith({
        InboundFederation: (event) => ({
          ...event,
          response: { userAttributesToMap: { sub: 'countess', name: 'Lady Ada' } },
        }),
      })
      await comes(place)
      const { attributes, identities } = await show(place, 'Acme_countess')
      assert.deepEqual(attributes, { name: 'Lady Ada' })
      assert.deepEqual(identities[0].userId, 'countess')
      assert.deepEqual(await names(place), ['Acme_countess'])
    })

    test('is who the provider says, where the function answers an empty map', async () => {
      const place = await placeWith({
        InboundFederation: (event) => ({ ...event, response: { userAttributesToMap: {} } }),
      })
      await comes(place)
      const { attributes } = await show(place, 'Acme_ada')
      assert.deepEqual(attributes, { email: 'ada@example.com', email_verified: 'false', name: 'Ada' })
    })

    test('is nobody, where the function leaves out who it is', async () => {
      const place = await placeWith({
        InboundFederation: (event) => ({ ...event, response: { userAttributesToMap: { name: 'Ada' } } }),
      })
      assert.equal(refused(await comes(place)), 'username attribute mapping required')
      assert.deepEqual(await names(place), [])
    })

    const failing: TestFunction = () => {
      throw new Error('not today')
    }
    const unreadable: TestFunction = () => 'nothing of the kind'
    const firstTime = ['InboundFederation', 'PreSignUp', 'PostConfirmation', 'PreTokenGeneration']
    const laterOn = ['InboundFederation', 'PreAuthentication', 'PostAuthentication', 'PreTokenGeneration']
    for (const [when, triggers] of [
      ['first', firstTime],
      ['later', laterOn],
    ] as const) {
      for (const trigger of triggers) {
        test(`stays outside when ${trigger} refuses at a ${when} sign-in`, async () => {
          const place = await placeWith({})
          if (when === 'later') await comes(place)
          const gone = { [trigger]: undefined } as unknown as Record<string, TestFunction>
          for (const [functions, text] of [
            [{ [trigger]: failing }, `${trigger} failed with error not today. `],
            [{ [trigger]: unreadable }, 'Unrecognizable lambda output'],
            [gone, `${trigger} invocation failed due to error ResourceNotFoundException.`],
          ] as const) {
            server().functions.define({ ...all, ...functions })
            // Whoever was confirmed and then refused is there: each comes as somebody else.
            const who = when === 'first' ? { ...ada, sub: `ada-${text.length}` } : ada
            const back = await comes(place, who)
            assert.deepEqual(Object.fromEntries(back.searchParams), {
              error_description: text,
              state: 'the-apps-own',
              error: 'invalid_request',
            })
          }
          const kept = ['PostConfirmation', 'PreTokenGeneration'].includes(trigger)
          assert.equal((await names(place)).length, when === 'later' ? 1 : kept ? 3 : 0)
        })
      }
    }

    test('has an address that PreSignUp vouches for', async () => {
      const place = await placeWith({
        PreSignUp: (event) => ({ ...event, response: { autoVerifyEmail: true } }),
      })
      await comes(place)
      assert.equal((await show(place, 'Acme_ada')).attributes.email_verified, 'true')
      assert.equal(refused(await comes(place, { sub: 'bob' })), 'Unrecognizable lambda output')
    })

    test('is the user whom their account is linked to, by subject or by another claim', async () => {
      const place = await placeWith({})
      const { UserPoolId } = place
      const source = (name: string, value: string) => account('Acme', value, name)
      for (const [user, name, value] of [
        ['ada', 'Cognito_Subject', 'ada'],
        ['bob', 'email', 'bob@example.com'],
      ] as const) {
        await createUser(server(), UserPoolId, user)
        await server().client.send(
          new AdminLinkProviderForUserCommand({
            UserPoolId,
            DestinationUser: account('Cognito', user),
            SourceUser: source(name, value),
          }),
        )
      }
      server().functions.events()
      const asAda = await tokensOf(place, await comes(place))
      assert.equal(asAda.access.username, 'ada')
      const asBob = await tokensOf(place, await comes(place, { sub: '7', email: 'bob@example.com' } as never))
      assert.equal(asBob.access.username, 'bob')
      assert.deepEqual(await names(place), ['ada', 'bob'])
      assert.equal((await show(place, 'ada')).attributes.name, 'Ada')
      assert.ok(
        server()
          .functions.events()
          .every(({ triggerSource }) => !triggerSource.startsWith('PreSignUp')),
      )
    })

    test('is the user whom PreSignUp links them to', async () => {
      const place = await placeWith({
        PreSignUp: async (event) => {
          if (event.triggerSource !== 'PreSignUp_ExternalProvider') return event
          await server().client.send(
            new AdminLinkProviderForUserCommand({
              UserPoolId: event.userPoolId,
              DestinationUser: account('Cognito', 'ada'),
              SourceUser: account('Acme', 'ada'),
            }),
          )
          return event
        },
      })
      await createUser(server(), place.UserPoolId, 'ada')
      const { access } = await tokensOf(place, await comes(place))
      assert.equal(access.username, 'ada')
      assert.deepEqual(await names(place), ['ada'])
    })

    test('is not whoever has taken the name of their profile', async () => {
      const place = await placeWith({})
      await createUser(server(), place.UserPoolId, 'Acme_ada')
      assert.equal(refused(await comes(place)), 'Already found an entry for username Acme_ada')
      assert.equal((await show(place, 'Acme_ada')).UserStatus, 'CONFIRMED')
    })

    test('is nobody else whose subject is written alike, where case does not count', async () => {
      const place = await placeWith({}, { UsernameConfiguration: { CaseSensitive: false } })
      await comes(place, { sub: 'ADA' })
      assert.deepEqual(await names(place), ['acme_ada'])
      assert.ok((await comes(place, { sub: 'ADA' })).searchParams.has('code'))
      assert.equal(
        refused(await comes(place, { sub: 'ada' })),
        'Already found an entry for username acme_ada',
      )
    })

    test('may have an address that is another user’s alias, and goes by none', async () => {
      const place = await federatedPlace(server(), {
        pool: { AliasAttributes: ['email'] },
        mapping: { email: 'email', email_verified: 'email_verified' },
      })
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'owner', { email: ada.email, email_verified: 'true' })
      const says = (email: string) => comes(place, { sub: 'ada', email, email_verified: true } as never)
      for (const email of [ada.email, 'lovelace@example.com', ada.email]) {
        assert.ok((await says(email)).searchParams.has('code'))
        const { email: kept, email_verified } = (await show(place, 'Acme_ada')).attributes
        assert.deepEqual([kept, email_verified], [email, 'true'])
      }
      assert.equal((await show(place, ada.email)).Username, 'owner')
    })

    test('stays outside while disabled', async () => {
      const place = await placeWith({})
      await comes(place)
      const { UserPoolId } = place
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'Acme_ada' }))
      server().functions.events()
      assert.equal(refused(await comes(place)), 'User is disabled.')
      assert.deepEqual(
        server()
          .functions.events()
          .map(({ triggerSource }) => triggerSource),
        ['InboundFederation_ExternalProvider'],
      )
    })

    test('lacks nothing that the pool requires', async () => {
      const Schema = [{ Name: 'email', Required: true, Mutable: true }]
      const place = await placeWith({}, { Schema })
      assert.equal(refused(await comes(place, { sub: 'ada' })), 'attributes required: [email]')
      assert.deepEqual(await names(place), [])
    })

    test('has tokens with what PreTokenGeneration changed at the sign-in', async () => {
      const override: TestFunction = (event) => ({
        ...event,
        response: {
          claimsAndScopeOverrideDetails: {
            idTokenGeneration: { claimsToAddOrOverride: { desk: event.triggerSource, nonce: 'forged' } },
            accessTokenGeneration: { scopesToAdd: ['orders/read'], scopesToSuppress: ['profile'] },
            groupOverrideDetails: { groupsToOverride: ['staff'] },
          },
        },
      })
      const { PreTokenGeneration: _, ...others } = configured ?? {}
      const PreTokenGenerationConfig = {
        LambdaVersion: 'V2_0' as const,
        LambdaArn: functionArnOf('PreTokenGeneration'),
      }
      const place = await placeWith(
        { PreTokenGeneration: override },
        { LambdaConfig: { ...others, PreTokenGenerationConfig } },
      )
      server().functions.events()
      const back = await comeBy(browserAt(server), acme, place, ada, {
        parameters: { nonce: 'the-apps-nonce', scope: 'openid profile' },
      })
      const asked = server().functions.events().at(-1)
      assert.deepEqual(asked?.request.scopes, ['openid', 'profile'])
      const { id, access } = await tokensOf(place, back)
      assert.equal(id.desk, 'TokenGeneration_HostedAuth')
      assert.equal(id.nonce, 'the-apps-nonce')
      assert.deepEqual(id['cognito:groups'], ['staff'])
      assert.deepEqual(access['cognito:groups'], ['staff'])
      assert.equal(access.scope, 'openid orders/read')
      // Asked once, at the sign-in.
      assert.deepEqual(server().functions.events(), [])
    })

    test('comes into being once, however many browsers bring them at once', async () => {
      const place = await placeWith({})
      const backs = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const browser = browserAt(server)
          const back = acme.signsIn(await browser.sentTo(authorizeUrl(place)), ada)
          return browser.sentTo(`${back.pathname}${back.search}`)
        }),
      )
      for (const back of backs) assert.ok(back.searchParams.has('code'), back.href)
      assert.deepEqual(await names(place), ['Acme_ada'])
    })
  })
})

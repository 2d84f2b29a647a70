import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import {
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  GetUserCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  attributesIn,
  createClient,
  createPool,
  createUser,
  refusal,
  signIn,
} from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  account,
  metadataUrl,
  newCertificateText,
  noProvider,
  providersAt,
  samlMetadata,
  wrong,
} from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { claimsOf } from '../../../test/tokens.ts'
import type { UserPoolId as PoolId, Username } from '../../domain/ids.ts'
import { noMfa } from '../../domain/user.ts'

const noUser = refusal('UserNotFoundException', 'User does not exist.')
const invalidSource = wrong(
  'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser',
)
const merging = wrong(
  'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link',
)

describe('AdminLinkProviderForUser', () => {
  onEachStore((server) => {
    const { create, link, unlink } = providersAt(server)
    let UserPoolId: string
    before(async () => server().documents.put(metadataUrl, samlMetadata(await newCertificateText())))
    beforeEach(async () => {
      UserPoolId = await createPool(server())
      await create(UserPoolId, 'Google')
      await create(UserPoolId, 'Saml', {
        ProviderType: 'SAML',
        ProviderDetails: { MetadataURL: metadataUrl },
        AttributeMapping: { email: 'mail' },
      })
      for (const name of ['ada', 'bob']) await createUser(server(), UserPoolId, name)
    })
    const show = (Username: string) => server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))
    const identitiesOf = async (name: string) => {
      const { identities } = attributesIn((await show(name)).UserAttributes)
      return identities === undefined ? undefined : JSON.parse(identities)
    }
    /** A profile as federation will leave it. */
    const createProfile = async (username: string, identities?: object) => {
      const now = server().clock.now
      const user = {
        poolId: UserPoolId as PoolId,
        username: username as Username,
        sub: server().app.random.uuid(),
        status: 'EXTERNAL_PROVIDER' as const,
        enabled: true,
        createdAt: now,
        modifiedAt: now,
        version: 1,
        attributes: identities === undefined ? {} : { identities: JSON.stringify([identities]) },
        mfa: noMfa,
      }
      await server().app.store.users.create(user, [])
    }

    test('lists the account among the identities of a user of the pool', async () => {
      server().clock.now += 1000
      const dateCreated = server().clock.now
      const { $metadata, ...output } = await link(
        UserPoolId,
        account('Cognito', 'ada'),
        account('Google', '42'),
      )
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      const google = {
        userId: '42',
        providerName: 'Google',
        providerType: 'Google',
        issuer: null,
        primary: false,
        dateCreated,
      }
      const { UserAttributes, UserLastModifiedDate, UserStatus } = await show('ada')
      assert.equal(attributesIn(UserAttributes).identities, `[${JSON.stringify(google)}]`)
      assert.deepEqual(UserLastModifiedDate, new Date(dateCreated))
      assert.equal(UserStatus, 'CONFIRMED')

      await link(UserPoolId, account('Cognito', 'ada'), account('Saml', 'ada@example.com', 'email'))
      const saml = {
        ...google,
        userId: 'ada@example.com',
        providerName: 'Saml',
        providerType: 'SAML',
        issuer: 'https://idp.example.com/entity',
      }
      assert.deepEqual(await identitiesOf('ada'), [google, saml])
      assert.equal(await identitiesOf('bob'), undefined)
      const { Users } = await server().client.send(
        new ListUsersCommand({ UserPoolId, Filter: 'username = "ada"' }),
      )
      assert.equal(attributesIn(Users?.[0]?.Attributes).identities, JSON.stringify([google, saml]))
      assert.deepEqual(await server().sent(), [])
    })

    test('is in ID tokens as an array, in the words of tokens, and in GetUser as text', async () => {
      const dateCreated = server().clock.now
      const all = await createClient(server(), UserPoolId)
      const some = await createClient(server(), UserPoolId, { ReadAttributes: ['email'] })
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', '42'))
      for (const { ClientId } of [all, some]) {
        const { AuthenticationResult: tokens } = await signIn(server(), UserPoolId, ClientId, 'ada')
        assert.ok(tokens?.AccessToken && tokens.IdToken)
        assert.deepEqual(claimsOf(tokens.IdToken).identities, [
          {
            userId: '42',
            providerName: 'Google',
            providerType: 'Google',
            issuer: null,
            primary: 'false',
            dateCreated: String(dateCreated),
          },
        ])
        assert.equal(claimsOf(tokens.AccessToken).identities, undefined)
        const { UserAttributes } = await server().client.send(
          new GetUserCommand({ AccessToken: tokens.AccessToken }),
        )
        const shown = attributesIn(UserAttributes).identities
        assert.equal(shown !== undefined, ClientId === all.ClientId)
      }
      const { AuthenticationResult } = await signIn(server(), UserPoolId, all.ClientId, 'bob')
      assert.equal(claimsOf(AuthenticationResult?.IdToken).identities, undefined)
    })

    test('links to a profile that came by signing in elsewhere', async () => {
      const own = {
        userId: '7',
        providerName: 'Google',
        providerType: 'Google',
        issuer: null,
        primary: true,
        dateCreated: 1,
      }
      await createProfile('Google_7', own)
      await link(UserPoolId, account('Google', '7'), account('Saml', 'x'))
      const [first, second] = await identitiesOf('Google_7')
      assert.deepEqual(first, own)
      assert.deepEqual([second.providerName, second.userId, second.primary], ['Saml', 'x', false])
      await assert.rejects(link(UserPoolId, account('Google', '8'), account('Saml', 'y')), noUser)
    })

    test('in a pool where case does not matter it finds users however they are written', async () => {
      UserPoolId = await createPool(server(), { UsernameConfiguration: { CaseSensitive: false } })
      await create(UserPoolId, 'Google')
      await createUser(server(), UserPoolId, 'Ada')
      await link(UserPoolId, account('Cognito', 'ADA'), account('Google', 'AbC'))
      const [identity] = await identitiesOf('ada')
      assert.equal(identity.userId, 'AbC')
      await createProfile('google_xyz')
      await assert.rejects(link(UserPoolId, account('Cognito', 'ada'), account('Google', 'XYZ')), merging)
    })

    test('refuses a source that somebody has', async () => {
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', '42'))
      const again = link(UserPoolId, account('Cognito', 'ada'), account('Google', '42'))
      await assert.rejects(again, wrong('SourceUser is already linked to DestinationUser'))
      await assert.rejects(
        link(UserPoolId, account('Cognito', 'bob'), account('Google', '42')),
        wrong('SourceUser is already linked to another user'),
      )
      await createProfile('Google_7')
      await assert.rejects(link(UserPoolId, account('Cognito', 'bob'), account('Google', '7')), merging)
      await createUser(server(), UserPoolId, 'Google_8')
      await assert.rejects(link(UserPoolId, account('Cognito', 'bob'), account('Google', '8')), invalidSource)
      await assert.rejects(
        link(UserPoolId, account('Cognito', 'bob'), account('Cognito', 'ada')),
        invalidSource,
      )
      assert.equal(await identitiesOf('bob'), undefined)
    })

    test('of several users who are given the same account at once one has it', async () => {
      const outcomes = await Promise.allSettled(
        ['ada', 'bob'].map((name) => link(UserPoolId, account('Cognito', name), account('Google', '42'))),
      )
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
      const owners = [await identitiesOf('ada'), await identitiesOf('bob')]
      assert.equal(owners.filter((identities) => identities !== undefined).length, 1)
    })

    test('stops at five, also when several come at once', async () => {
      const subjects = Array.from({ length: 7 }, (_, index) => String(index))
      const outcomes = await Promise.allSettled(
        subjects.map((subject) => link(UserPoolId, account('Cognito', 'ada'), account('Google', subject))),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 2)
      const full = refusal(
        'LimitExceededException',
        'The limit of 5 identities linked to a user has been reached.',
      )
      for (const { reason } of losers) full(reason)
      const identities = await identitiesOf('ada')
      assert.equal(identities.length, 5)
      await unlink(UserPoolId, account('Google', identities[0].userId))
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', 'another'))
    })

    test('a user who is deleted leaves the account free', async () => {
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', '42'))
      await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'ada' }))
      await link(UserPoolId, account('Cognito', 'bob'), account('Google', '42'))
    })

    test('nobody writes or deletes the attribute', async () => {
      await link(UserPoolId, account('Cognito', 'ada'), account('Google', '42'))
      const before = await identitiesOf('ada')
      const cannot = wrong('user.identities: Attribute cannot be updated.')
      for (const Value of ['[]', ''])
        await assert.rejects(
          server().client.send(
            new AdminUpdateUserAttributesCommand({
              UserPoolId,
              Username: 'ada',
              UserAttributes: [{ Name: 'identities', Value }],
            }),
          ),
          cannot,
        )
      await assert.rejects(
        server().client.send(
          new AdminDeleteUserAttributesCommand({
            UserPoolId,
            Username: 'ada',
            UserAttributeNames: ['identities'],
          }),
        ),
        cannot,
      )
      assert.deepEqual(await identitiesOf('ada'), before)
    })

    test('refuses what names nobody', async () => {
      const ada = account('Cognito', 'ada')
      const google = account('Google', '42')
      const incomplete = wrong(
        'SourceUser must have a ProviderName, a ProviderAttributeName and a ProviderAttributeValue.',
      )
      for (const member of Object.keys(google))
        await assert.rejects(link(UserPoolId, ada, { ...google, [member]: undefined }), incomplete, member)
      for (const member of ['ProviderName', 'ProviderAttributeValue'])
        await assert.rejects(
          link(UserPoolId, { ...ada, [member]: undefined }, google),
          wrong('DestinationUser must have a ProviderName and a ProviderAttributeValue.'),
        )
      const { ProviderAttributeName: _, ...nameless } = ada
      await assert.rejects(link(UserPoolId, account('Cognito', 'nobody'), google), noUser)
      await assert.rejects(link(UserPoolId, account('Cognito', '+15555550123'), google), noUser)
      await assert.rejects(link(UserPoolId, ada, account('Facebook', '42')), noProvider('Facebook'))
      await assert.rejects(
        link(UserPoolId, ada, account('Google', 'a@b.example', 'email')),
        wrong('ProviderAttributeName of Google must be Cognito_Subject.'),
      )
      await assert.rejects(
        link(UserPoolId, ada, account('Google', 'x'.repeat(122))),
        wrong('SourceUser is longer than the 128 characters of a username.'),
      )
      const unstorable = wrong('Attribute value has a character that cannot be stored')
      await assert.rejects(link(UserPoolId, ada, account('Google', 'a\0')), unstorable)
      await assert.rejects(link(UserPoolId, ada, account('Saml', 'a', 'b\0')), unstorable)
      await assert.rejects(link(UserPoolId, account('Cognito', 'a\0'), google), unstorable)
      await link(UserPoolId, nameless, account('Google', 'x'.repeat(121)))
    })

    poolMustExist(server, (pool) => link(pool, account('Cognito', 'ada'), account('Google', '42')))
    test('a pool whose id cannot be one', () =>
      assert.rejects(
        link('us-east-1_\0', account('Cognito', 'ada'), account('Google', '42')),
        refusal('ResourceNotFoundException', 'User pool us-east-1_\0 does not exist.'),
      ))
  })
})

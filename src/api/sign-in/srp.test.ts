import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  createSecretHash,
  createSrpSession,
  signSrpSession,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from 'cognito-srp-helper'
import { attributesIn, createUser, password, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { claimOf, N, newSrp, timestamp } from '../../../test/srp-client.ts'
import {
  claimsOf,
  clientOf,
  createPlace,
  type Place,
  poolName,
  refused,
  respond,
  secretHash,
  signInBySrp,
  startSrp,
} from '../../../test/tokens.ts'
import { minutes } from '../../lib/instant.ts'

const invalid = (text: string) => refusal('InvalidParameterException', text)

/** By the operations that anybody may call, or by those of administrators: all of it is the same. */
for (const admin of [false, true]) {
  describe(`USER_SRP_AUTH by ${admin ? 'AdminInitiateAuth' : 'InitiateAuth'}`, () => {
    onEachStore((server) => {
      let place: Place
      let hiding: Place
      const by = (at: Place): Place => ({ ...at, admin })
      before(async () => {
        place = by(await createPlace(server()))
        hiding = by(await clientOf(server(), place.UserPoolId, { PreventUserExistenceErrors: 'ENABLED' }))
        await createUser(server(), place.UserPoolId, 'ada')
      })

      test('asks for the claim in one challenge without a session, and signs in', async () => {
        const srp = newSrp()
        const { $metadata: _, ...started } = await startSrp(server(), place, {
          USERNAME: 'ada',
          SRP_A: srp.A,
        })
        const { SALT = '', SRP_B = '', SECRET_BLOCK = '', ...names } = started.ChallengeParameters ?? {}
        assert.deepEqual(names, { USERNAME: 'ada', USER_ID_FOR_SRP: 'ada' })
        assert.match(SALT, /^[1-9a-f][0-9a-f]{0,31}$/)
        assert.match(SRP_B, /^[1-9a-f][0-9a-f]{700,767}$/)
        assert.match(SECRET_BLOCK, /^[A-Za-z0-9+/]{500,}=*$/)
        const { ChallengeParameters: __, ...rest } = started
        assert.deepEqual(rest, { ChallengeName: 'PASSWORD_VERIFIER' })
        const { $metadata: ___, ...done } = await respond(server(), place, 'PASSWORD_VERIFIER', {
          USERNAME: 'ada',
          ...claimOf(srp, started.ChallengeParameters, poolName(place), 'ada', password),
        })
        const { AuthenticationResult, ...others } = done
        assert.deepEqual(others, { ChallengeParameters: {} })
        assert.deepEqual(Object.keys(AuthenticationResult ?? {}).sort(), [
          'AccessToken',
          'ExpiresIn',
          'IdToken',
          'RefreshToken',
          'TokenType',
        ])
        const { username, amr } = claimsOf(AuthenticationResult?.AccessToken)
        assert.deepEqual([username, amr], ['ada', ['pwd']])
        assert.deepEqual(await server().sent(), [])
      })

      test('the salt stays, B and the block are new each time', async () => {
        const parameters = async () =>
          (await startSrp(server(), place, { USERNAME: 'ada', SRP_A: newSrp().A })).ChallengeParameters ?? {}
        const [first, second] = [await parameters(), await parameters()]
        assert.equal(first.SALT, second.SALT)
        assert.notEqual(first.SRP_B, second.SRP_B)
        assert.notEqual(first.SECRET_BLOCK, second.SECRET_BLOCK)
      })

      test('cognito-srp-helper signs in, with a client secret', async () => {
        const secret = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
        const { ClientId, ClientSecret = '', UserPoolId } = secret
        const SECRET_HASH = createSecretHash('ada', ClientId, ClientSecret)
        const session = createSrpSession('ada', password, UserPoolId, false)
        const started = await server().client.send(
          new InitiateAuthCommand(
            wrapInitiateAuth(session, {
              ClientId,
              AuthFlow: 'USER_SRP_AUTH' as const,
              AuthParameters: { CHALLENGE_NAME: 'SRP_A', SECRET_HASH, USERNAME: 'ada' },
            }),
          ),
        )
        const { AuthenticationResult } = await server().client.send(
          new RespondToAuthChallengeCommand(
            wrapAuthChallenge(signSrpSession(session, { ChallengeParameters: started.ChallengeParameters }), {
              ClientId,
              ChallengeName: 'PASSWORD_VERIFIER' as const,
              ChallengeResponses: { SECRET_HASH, USERNAME: 'ada' },
            }),
          ),
        )
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).username, 'ada')
      })

      test('passwords and names beyond ASCII, and ten users, each with a salt of their own', async () => {
        const names = ['ünïcode-ß-名前', ...Array.from({ length: 10 }, (_, index) => `srp-${index}`)]
        const salts = new Set<string | undefined>()
        for (const [index, name] of names.entries()) {
          await createUser(server(), place.UserPoolId, name)
          const secret = `Пароль-${index}-Aa1!`
          await server().client.send(
            new AdminSetUserPasswordCommand({
              UserPoolId: place.UserPoolId,
              Username: name,
              Password: secret,
              Permanent: true,
            }),
          )
          const srp = newSrp()
          const { ChallengeParameters } = await startSrp(server(), place, { USERNAME: name, SRP_A: srp.A })
          salts.add(ChallengeParameters?.SALT)
          const claim = claimOf(srp, ChallengeParameters, poolName(place), name, secret)
          const { AuthenticationResult } = await respond(server(), place, 'PASSWORD_VERIFIER', {
            USERNAME: name,
            ...claim,
          })
          assert.ok(AuthenticationResult, name)
        }
        assert.equal(salts.size, names.length)
      })

      test('an alias and a sub lead to the user, whose id goes into the claim', async () => {
        const at = by(await createPlace(server(), { GenerateSecret: true }, { AliasAttributes: ['email'] }))
        await createUser(server(), at.UserPoolId, 'called', {
          email: 'called@example.com',
          email_verified: 'true',
        })
        const { UserAttributes } = await server().client.send(
          new AdminGetUserCommand({ UserPoolId: at.UserPoolId, Username: 'called' }),
        )
        const { sub = '' } = attributesIn(UserAttributes)
        for (const name of ['called@example.com', sub]) {
          const srp = newSrp()
          const started = await startSrp(server(), at, {
            USERNAME: name,
            SRP_A: srp.A,
            SECRET_HASH: secretHash(at, name),
          })
          assert.equal(started.ChallengeParameters?.USER_ID_FOR_SRP, 'called')
          const claim = claimOf(srp, started.ChallengeParameters, poolName(at), 'called', password)
          // The hash is over the name as it is sent: the id now, the alias before.
          const answer = (USERNAME: string, hashed: string) =>
            respond(server(), at, 'PASSWORD_VERIFIER', {
              USERNAME,
              SECRET_HASH: secretHash(at, hashed),
              ...claim,
            })
          await assert.rejects(
            answer('called', name),
            refusal('NotAuthorizedException', `Unable to verify secret hash for client ${at.ClientId}`),
          )
          const { AuthenticationResult } = await answer('called', 'called')
          assert.equal(claimsOf(AuthenticationResult?.AccessToken).username, 'called')
        }
      })

      test('where an attribute is the username, the id is the UUID', async () => {
        const at = by(await createPlace(server(), {}, { UsernameAttributes: ['email'] }))
        await createUser(server(), at.UserPoolId, 'uuid@example.com', {})
        const { ChallengeParameters } = await startSrp(server(), at, {
          USERNAME: 'uuid@example.com',
          SRP_A: newSrp().A,
        })
        assert.match(ChallengeParameters?.USER_ID_FOR_SRP ?? '', /^[0-9a-f-]{36}$/)
        const { AuthenticationResult } = await signInBySrp(server(), at, 'uuid@example.com')
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).username, ChallengeParameters?.USERNAME)
      })

      test('a claim signs in once, whoever sends it again', async () => {
        const srp = newSrp()
        const { ChallengeParameters } = await startSrp(server(), place, { USERNAME: 'ada', SRP_A: srp.A })
        const claim = claimOf(srp, ChallengeParameters, poolName(place), 'ada', password)
        const spelled = `${claim.PASSWORD_CLAIM_SECRET_BLOCK}\n`
        const calls = Array.from({ length: 20 }, (_, index) =>
          respond(server(), place, 'PASSWORD_VERIFIER', {
            USERNAME: 'ada',
            ...claim,
            // Base64 is read leniently, so one block has many spellings.
            ...(index % 2 === 1 && { PASSWORD_CLAIM_SECRET_BLOCK: spelled }),
          }),
        )
        const results = await Promise.allSettled(calls)
        const losers = results.filter((result) => result.status === 'rejected')
        assert.equal(losers.length, 19)
        for (const { reason } of losers) refused.sessionUsed(reason)
      })

      test('a wrong password, a claim over another text, another client, too late', async () => {
        const { UserPoolId } = place
        await createUser(server(), UserPoolId, 'wrong')
        await assert.rejects(signInBySrp(server(), place, 'wrong', 'Wrong-horse-9'), refused.credentials)
        const srp = newSrp()
        const { ChallengeParameters } = await startSrp(server(), place, { USERNAME: 'wrong', SRP_A: srp.A })
        const claim = claimOf(srp, ChallengeParameters, poolName(place), 'wrong', password)
        const answer = (more: Record<string, string>, at = place) =>
          respond(server(), at, 'PASSWORD_VERIFIER', { USERNAME: 'wrong', ...claim, ...more })
        await assert.rejects(answer({ TIMESTAMP: timestamp(new Date(0)) }), refused.credentials)
        await assert.rejects(
          answer({ USERNAME: 'ada' }),
          refusal('CodeMismatchException', 'Invalid code or auth state for the user.'),
        )
        await assert.rejects(answer({}, hiding), refused.session)
        await assert.rejects(answer({ PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' }), refused.credentials)
        const expiresAt = server().clock.now + minutes(3)
        server().clock.now = expiresAt
        await assert.rejects(answer({}), refused.sessionExpired)
        server().clock.now = expiresAt - 1
        assert.ok((await answer({})).AuthenticationResult)
      })

      const timestamps: readonly (readonly [what: string, text: string])[] = [
        ['a day with a leading zero', 'Tue Nov 03 09:05:07 UTC 2026'],
        ['an hour without one', 'Tue Nov 3 9:05:07 UTC 2026'],
        ['the wrong day of the week', 'Mon Nov 3 09:05:07 UTC 2026'],
        ['a day that is none', 'Tue Feb 30 09:05:07 UTC 2026'],
        ['another time zone', 'Tue Nov 3 09:05:07 CET 2026'],
        ['ISO 8601', '2026-11-03T09:05:07Z'],
        ['a trailing space', 'Tue Nov 3 09:05:07 UTC 2026 '],
      ]
      for (const [what, text] of timestamps) {
        test(`a TIMESTAMP with ${what} is a wrong password, though the claim is made over it`, async () => {
          await createUser(server(), place.UserPoolId, `ts-${what.replaceAll(' ', '-')}`)
          const name = `ts-${what.replaceAll(' ', '-')}`
          const srp = newSrp()
          const { ChallengeParameters } = await startSrp(server(), place, { USERNAME: name, SRP_A: srp.A })
          const claim = claimOf(srp, ChallengeParameters, poolName(place), name, password, text)
          await assert.rejects(
            respond(server(), place, 'PASSWORD_VERIFIER', { USERNAME: name, ...claim }),
            refused.credentials,
          )
        })
      }

      test('an A that makes the secret zero, whatever the password', async () => {
        for (const A of [0n, N, 2n * N, 3n * N]) {
          await assert.rejects(
            startSrp(server(), place, { USERNAME: 'ada', SRP_A: A.toString(16) }),
            invalid('SRP_A must not be zero modulo N.'),
          )
        }
        await assert.rejects(
          startSrp(server(), place, { USERNAME: 'ada', SRP_A: 'xyz' }),
          invalid('SRP_A must be a hexadecimal number.'),
        )
      })

      test('what is missing is named', async () => {
        await assert.rejects(
          startSrp(server(), place, { SRP_A: 'a' }),
          invalid('Missing required parameter USERNAME'),
        )
        await assert.rejects(
          startSrp(server(), place, { USERNAME: 'ada' }),
          invalid('Missing required parameter SRP_A'),
        )
        const srp = newSrp()
        const { ChallengeParameters } = await startSrp(server(), place, { USERNAME: 'ada', SRP_A: srp.A })
        const whole = {
          USERNAME: 'ada',
          ...claimOf(srp, ChallengeParameters, poolName(place), 'ada', password),
        }
        for (const name of Object.keys(whole)) {
          const { [name as 'USERNAME']: _, ...rest } = whole
          await assert.rejects(
            respond(server(), place, 'PASSWORD_VERIFIER', rest),
            invalid(`Missing required parameter ${name}`),
          )
        }
      })

      test('a client that does not allow the flow', async () => {
        const at = by(
          await clientOf(server(), place.UserPoolId, { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }),
        )
        await assert.rejects(
          startSrp(server(), at, { USERNAME: 'ada', SRP_A: newSrp().A }),
          invalid('USER_SRP_AUTH is not enabled for the client.'),
        )
      })
    })
  })
}

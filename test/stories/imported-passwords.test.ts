/** Users come with the hashes of their passwords, and sign in with the passwords. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateUserPoolClientCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { UserPoolId as PoolId, Username } from '../../src/domain/ids.ts'
import type { HashAlgorithm } from '../../src/domain/password-hash.ts'
import { HashesOverloaded } from '../../src/ports/password-hashes.ts'
import { password, refusal } from '../fixtures.ts'
import { onEachStore, type TestServer } from '../harness.ts'
import { columns, createImportPool, csv, importFile, type Person, person } from '../imports.ts'
import { codeSent, type Place, respond, showUser, start, tokensOf } from '../sign-in.ts'
import { claimOf, newSrp } from '../srp-client.ts'

/** Of the password of every test, cheap where the algorithm lets them be. */
const hashes: Record<HashAlgorithm, string> = {
  BCRYPT: '$2b$10$zVHmKQtGGQob.b/Nc7l9NOd1kZk3ZtCwBg3PvU2svj8EXWzEjIoaK',
  SCRYPT:
    '1024$8$1$000102030405060708090a0b0c0d0e0f$9d32fd4e49ef40b0ed408a13b9c0821182806e3beb65cffc9f5c9440774c2634',
  ARGON2ID: '$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$n4wp3uZnCHXikcsrIHHAssrYU0FuLpqBwtZXEGGaLcA',
  PBKDF2_SHA256: '$pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$K/36.AyflXowB4V9lB2OTN47fAYacp3Dg7Ugy.ANUh8',
}
const algorithms = Object.keys(hashes) as HashAlgorithm[]
const wrong = refusal('NotAuthorizedException', 'Incorrect username or password.')

describe('imported passwords', () => {
  onEachStore((server) => {
    const place = async (): Promise<Place> => {
      const UserPoolId = await createImportPool(server(), { MfaConfiguration: 'OFF' })
      const { UserPoolClient } = await server().client.send(
        new CreateUserPoolClientCommand({
          UserPoolId,
          ClientName: 'test',
          PreventUserExistenceErrors: 'ENABLED',
          ExplicitAuthFlows: [
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_ADMIN_USER_PASSWORD_AUTH',
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_AUTH',
            'ALLOW_REFRESH_TOKEN_AUTH',
          ],
        }),
      )
      return { UserPoolId, ClientId: UserPoolClient?.ClientId ?? assert.fail() }
    }
    const importAda = async (algorithm: HashAlgorithm, over: Person = {}) => {
      const at = await place()
      const ada = person('ada', { password_hash: hashes[algorithm], ...over })
      const { job, log } = await importFile(server(), at.UserPoolId, csv([ada]), {
        PasswordHashingAlgorithm: algorithm,
      })
      assert.equal(job.ImportedUsers, 1, log.join('\n'))
      return at
    }
    const storedOf = async ({ UserPoolId }: Place, name = 'ada') =>
      (await server().app.store.users.find(UserPoolId as PoolId, name as Username))?.password
    const withPassword = (at: Place, PASSWORD = password, USERNAME = 'ada') =>
      start(server(), 'InitiateAuth', at, { USERNAME, PASSWORD })

    for (const algorithm of algorithms) {
      test(`by ${algorithm}: the first right one is taken over, and SRP can be done with it`, async () => {
        const at = await importAda(algorithm)
        assert.equal((await showUser(server(), at.UserPoolId, 'ada')).UserStatus, 'CONFIRMED')
        const sealed = await storedOf(at)
        assert.deepEqual(Object.keys(sealed ?? {}), ['algorithm', 'sealedHash', 'setAt'])
        assert.ok(!JSON.stringify(sealed).includes(hashes[algorithm].slice(-20)), 'the hash is in clear')

        await assert.rejects(withPassword(at, `${password}x`), wrong)
        await assert.rejects(withSrp(server(), at), wrong)
        assert.deepEqual(await storedOf(at), sealed)

        const { AuthenticationResult } = await withPassword(at)
        assert.ok(AuthenticationResult?.AccessToken)
        const verifier = await storedOf(at)
        assert.deepEqual(Object.keys(verifier ?? {}), ['salt', 'sealedVerifier', 'setAt'])
        assert.equal(verifier?.setAt, sealed?.setAt)
        await assert.rejects(withPassword(at, `${password}x`), wrong)
        assert.ok((await withPassword(at)).AuthenticationResult)
        assert.ok((await withSrp(server(), at)).AuthenticationResult)
        assert.deepEqual(await server().sent(), [])
      })
    }

    test('by choice, and by an administrator', async () => {
      const at = await importAda('ARGON2ID')
      const asked = await start(server(), 'InitiateAuth', at, { USERNAME: 'ada' }, 'USER_AUTH')
      const answer = { USERNAME: 'ada', PASSWORD: password, ANSWER: 'PASSWORD' }
      const { AuthenticationResult } = await respond(
        server(),
        'RespondToAuthChallenge',
        at,
        'SELECT_CHALLENGE',
        asked.Session,
        answer,
      )
      assert.ok(AuthenticationResult)
      assert.ok(await tokensOf(server(), await importAda('SCRYPT'), 'ada'))
    })

    test('another takes its place when it is forgotten, changed or set', async () => {
      const { client } = server()
      const Password = 'Another-horse-8'
      const forgotten = await importAda('PBKDF2_SHA256')
      await client.send(new ForgotPasswordCommand({ ClientId: forgotten.ClientId, Username: 'ada' }))
      const ConfirmationCode = await codeSent(server())
      await client.send(
        new ConfirmForgotPasswordCommand({
          ClientId: forgotten.ClientId,
          Username: 'ada',
          ConfirmationCode,
          Password,
        }),
      )
      await assert.rejects(withPassword(forgotten), wrong)
      assert.ok((await withPassword(forgotten, Password)).AuthenticationResult)

      const changed = await importAda('PBKDF2_SHA256')
      const { AccessToken } = await tokensOf(server(), changed, 'ada')
      await client.send(
        new ChangePasswordCommand({ AccessToken, PreviousPassword: password, ProposedPassword: Password }),
      )
      assert.ok((await withPassword(changed, Password)).AuthenticationResult)

      const set = await importAda('PBKDF2_SHA256')
      await client.send(
        new AdminSetUserPasswordCommand({
          UserPoolId: set.UserPoolId,
          Username: 'ada',
          Password,
          Permanent: true,
        }),
      )
      await assert.rejects(withPassword(set), wrong)
      assert.ok((await withPassword(set, Password)).AuthenticationResult)
      await client.send(new AdminDeleteUserCommand({ UserPoolId: set.UserPoolId, Username: 'ada' }))
    })

    test('a row with a bad hash fails, with none it is to be reset, and the others are imported', async () => {
      const { UserPoolId } = await place()
      const people = [
        person('ada', { password_hash: hashes.BCRYPT }),
        person('bob'),
        person('eve', { password_hash: hashes.SCRYPT }),
        person('kim', { password_hash: hashes.BCRYPT.replace('$10$', '$13$') }),
        person('lea', { password_hash: hashes.BCRYPT.toLowerCase() }),
      ]
      const { log } = await importFile(server(), UserPoolId, csv(people), {
        PasswordHashingAlgorithm: 'BCRYPT',
      })
      assert.deepEqual(log.slice(0, -1), [
        '[FAILED] Line Number 4 - password_hash is not a hash of BCRYPT.',
        '[FAILED] Line Number 5 - password_hash exceeds the greatest parameters of BCRYPT.',
      ])
      for (const [name, status] of [
        ['ada', 'CONFIRMED'],
        ['bob', 'RESET_REQUIRED'],
      ] as const)
        assert.equal((await showUser(server(), UserPoolId, name)).UserStatus, status)
    })

    test('without the column the job fails', async () => {
      const { UserPoolId } = await place()
      const file = csv([person('ada')], columns.slice(0, -1))
      const { job } = await importFile(server(), UserPoolId, file, { PasswordHashingAlgorithm: 'BCRYPT' })
      assert.deepEqual(
        [job.Status, job.CompletionMessage],
        ['Failed', 'The CSV file has no password_hash column.'],
      )
    })

    test('everybody costs the same where there are any: known, migrated, or nobody', async (t) => {
      const at = await importAda('PBKDF2_SHA256')
      const { app } = server()
      const powers = t.mock.method(app.modexp, 'power')
      const computed = t.mock.method(app.passwordHashes, 'matches')
      const workOf = async (name: string) => {
        powers.mock.resetCalls()
        computed.mock.resetCalls()
        await assert.rejects(withPassword(at, 'wrong', name), wrong)
        return {
          powers: powers.mock.callCount(),
          hashes: computed.mock.calls.map(({ arguments: [hash] }) => hash.cost),
        }
      }
      const same = { powers: 1, hashes: [{ algorithm: 'PBKDF2_SHA256', iterations: 1000 }] }
      assert.deepEqual(await workOf('ada'), same)
      assert.deepEqual(await workOf('nobody'), same)
      await withPassword(at)
      assert.deepEqual(await workOf('ada'), same)
    })

    test('more than can be computed are asked to come again', async (t) => {
      const at = await importAda('PBKDF2_SHA256')
      t.mock.method(server().app.passwordHashes, 'matches', () => Promise.reject(new HashesOverloaded()))
      await assert.rejects(withPassword(at), refusal('TooManyRequestsException', 'Too many requests'))
    })
  })
})

async function withSrp(server: TestServer, at: Place) {
  const srp = newSrp()
  const asked = await start(server, 'InitiateAuth', at, { USERNAME: 'ada', SRP_A: srp.A }, 'USER_SRP_AUTH')
  const { USER_ID_FOR_SRP: USERNAME = '' } = asked.ChallengeParameters ?? {}
  const group = at.UserPoolId.split('_')[1] ?? ''
  const claim = claimOf(srp, asked.ChallengeParameters, group, USERNAME, password)
  return respond(server, 'RespondToAuthChallenge', at, 'PASSWORD_VERIFIER', undefined, { USERNAME, ...claim })
}

import assert from 'node:assert/strict'
import { randomBytes, scryptSync } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createClient, createPool, refusal } from '../fixtures.ts'
import { type FunctionProcess, serverWith } from '../function-process.ts'
import { claimsOf } from '../sign-in.ts'
import { claimOf, newSrp } from '../srp-client.ts'
import { functionArnOf } from '../trigger-functions.ts'

/** Users who come over from a table with hashed passwords, one by one, while the app goes on signing them in. */
describe('the table of users of old', () => {
  const passwords = { ada: 'Analytical-1843', grace: 'Compiler-1952' }
  let here: FunctionProcess
  let table: DatabaseSync
  let UserPoolId: string
  let ClientId: string

  before(async () => {
    here = await serverWith(['legacy-users.js'], (_, folder) => ({
      LEGACY_DATABASE: join(folder, 'old.sqlite'),
    }))
    table = new DatabaseSync(join(here.folder, 'old.sqlite'))
    table.exec('create table users (name text primary key, email text, salt blob, hash blob)')
    table.exec('create table visits (name text, source text)')
    for (const [name, password] of Object.entries(passwords)) {
      const salt = randomBytes(16)
      const insert = table.prepare('insert into users values (?, ?, ?, ?)')
      insert.run(name, `${name}@example.com`, salt, scryptSync(password, salt, 32))
    }
    UserPoolId = await createPool(here, {
      LambdaConfig: { UserMigration: functionArnOf('legacy-users') },
      // The passwords of old are not what the pool would ask for.
      Policies: { PasswordPolicy: { MinimumLength: 20 } },
    })
    ;({ ClientId } = await createClient(here, UserPoolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
    }))
  })
  after(async () => {
    table?.close()
    await here?.remove()
  })

  /** What the function was called for since this was last asked. */
  function visits() {
    const rows = table.prepare('select name, source from visits order by rowid').all()
    table.exec('delete from visits')
    return rows.map(({ name, source }) => `${name}: ${source}`)
  }
  async function byPassword(USERNAME: string, PASSWORD: string) {
    const { AuthenticationResult } = await here.client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD },
      }),
    )
    return claimsOf(AuthenticationResult?.IdToken)
  }
  async function bySrp(USERNAME: string, PASSWORD: string) {
    const srp = newSrp()
    const { ChallengeParameters } = await here.client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME, SRP_A: srp.A },
      }),
    )
    const claim = claimOf(srp, ChallengeParameters, UserPoolId.split('_')[1] ?? '', USERNAME, PASSWORD)
    const { AuthenticationResult } = await here.client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: { USERNAME, ...claim },
      }),
    )
    return claimsOf(AuthenticationResult?.IdToken)
  }
  async function stored(Username: string) {
    const user = await here.client.send(new AdminGetUserCommand({ UserPoolId, Username }))
    const { email, email_verified } = attributesIn(user.UserAttributes)
    return [user.UserStatus, email, email_verified]
  }
  const failed = () => refusal('UserNotFoundException', `Exception migrating user in app client ${ClientId}`)

  test('lets nobody over with another password, nor who is not in it', async () => {
    await assert.rejects(byPassword('ada', 'Difference-1822'), failed())
    await assert.rejects(byPassword('eve', passwords.ada), failed())
    await assert.rejects(
      bySrp('ada', passwords.ada),
      refusal('UserNotFoundException', 'User does not exist.'),
    )
    assert.deepEqual(visits(), ['ada: UserMigration_Authentication', 'eve: UserMigration_Authentication'])
  })

  test('hands over whoever signs in, and is not asked again', async () => {
    assert.equal((await byPassword('ada', passwords.ada)).email, 'ada@example.com')
    assert.deepEqual(visits(), ['ada: UserMigration_Authentication'])
    assert.deepEqual(await stored('ada'), ['CONFIRMED', 'ada@example.com', 'true'])
    const { sub } = await bySrp('ada', passwords.ada)
    assert.equal((await byPassword('ada', passwords.ada)).sub, sub)
    await assert.rejects(
      byPassword('ada', 'Difference-1822'),
      refusal('NotAuthorizedException', 'Incorrect username or password.'),
    )
    assert.deepEqual(visits(), [])
  })

  test('hands over whoever has forgotten the password, who then has a new one', async () => {
    const Username = 'grace'
    await assert.rejects(here.client.send(new ForgotPasswordCommand({ ClientId, Username: 'eve' })), failed())
    const { CodeDeliveryDetails } = await here.client.send(new ForgotPasswordCommand({ ClientId, Username }))
    assert.deepEqual(CodeDeliveryDetails, {
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'g***@e***',
    })
    assert.deepEqual(visits(), ['eve: UserMigration_ForgotPassword', 'grace: UserMigration_ForgotPassword'])
    assert.deepEqual(await stored(Username), ['RESET_REQUIRED', 'grace@example.com', 'true'])

    const inbox = await fetch(
      `${here.url}/_cognate/inbox?userPoolId=${UserPoolId}&to=grace@example.com&wait=10s`,
    )
    const { messages } = (await inbox.json()) as { messages: { code: string }[] }
    const Password = 'Much-longer-than-1952'
    await here.client.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username,
        ConfirmationCode: messages[0]?.code,
        Password,
      }),
    )
    assert.equal((await bySrp(Username, Password)).email, 'grace@example.com')
    await assert.rejects(bySrp(Username, passwords.grace), { name: 'NotAuthorizedException' })
    assert.deepEqual(visits(), [])
  })
})

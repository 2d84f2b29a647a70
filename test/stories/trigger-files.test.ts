import assert from 'node:assert/strict'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { password, refusal } from '../fixtures.ts'
import { type Bundle, bundled, type Running, sdkAt } from '../server-process.ts'
import { claimsOf } from '../sign-in.ts'
import { functionArnOf } from '../trigger-functions.ts'

/** A newcomer's first triggers: files in the data folder, run by the published program. */
describe('functions in the data folder', () => {
  let bundle: Bundle
  let data: string
  let server: Running
  let client: CognitoIdentityProviderClient
  let UserPoolId: string
  let ClientId: string

  before(async () => {
    bundle = await bundled()
    data = bundle.newData()
    await mkdir(join(data, 'triggers'), { recursive: true })
    for (const file of ['auto-confirm.mjs', 'riddle.cjs', 'token-claims.ts', 'migrate-user.js'])
      await copyFile(join(import.meta.dirname, '../triggers', file), join(data, 'triggers', file))
    server = bundle.run(['serve', '--port', '0', '--data', data, '--log-level', 'info'])
    client = sdkAt(await server.url())
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({
        PoolName: 'triggered',
        Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: true }],
        LambdaConfig: {
          PreSignUp: functionArnOf('auto-confirm'),
          DefineAuthChallenge: functionArnOf('riddle'),
          CreateAuthChallenge: functionArnOf('riddle'),
          VerifyAuthChallengeResponse: functionArnOf('riddle'),
          PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: functionArnOf('token-claims') },
          UserMigration: functionArnOf('migrate-user'),
        },
      }),
    )
    UserPoolId = UserPool?.Id ?? ''
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'app',
        ExplicitAuthFlows: [
          'ALLOW_CUSTOM_AUTH',
          'ALLOW_USER_PASSWORD_AUTH',
          'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        ],
      }),
    )
    ClientId = UserPoolClient?.ClientId ?? ''
  })
  after(() => bundle?.remove())

  const signUp = (Username: string, email: string) =>
    client.send(
      new SignUpCommand({
        ClientId,
        Username,
        Password: password,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'custom:tenant', Value: 'blue' },
        ],
      }),
    )

  test('confirm whom they know, and refuse the others in their own words', async () => {
    assert.equal((await signUp('ada', 'ada@example.com')).UserConfirmed, true)
    await assert.rejects(
      signUp('eve', 'eve@example.org'),
      refusal('UserLambdaValidationException', 'PreSignUp failed with error Only example.com may sign up.'),
    )
  })

  test('ask a riddle, and write claims into the tokens of whoever solves it', async () => {
    const { Session, ChallengeParameters } = await client.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'CUSTOM_AUTH', AuthParameters: { USERNAME: 'ada' } }),
    )
    assert.equal(ChallengeParameters?.riddle, 'What has an eye and cannot see?')
    const { AuthenticationResult } = await client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'CUSTOM_CHALLENGE',
        Session,
        ChallengeResponses: { USERNAME: 'ada', ANSWER: 'needle' },
      }),
    )
    const access = claimsOf(AuthenticationResult?.AccessToken)
    assert.equal(access.tenant, 'blue')
    assert.deepEqual(access.limits, { requests: 10 })
    assert.equal(access.scope, 'aws.cognito.signin.user.admin tenant/blue')
    const id = claimsOf(AuthenticationResult?.IdToken)
    assert.equal(id.tenant, 'blue')
    assert.equal(id.email, undefined)
  })

  test('bring over a user of old', async () => {
    const signIn = (PASSWORD: string) =>
      client.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'grace', PASSWORD },
        }),
      )
    await assert.rejects(signIn('Analytical1!'), { name: 'UserNotFoundException' })
    await writeFile(
      join(data, 'triggers', 'migrate-user.js'),
      `export const handler = async (event) => {
        if (event.request.password === 'Analytical1!')
          event.response = { userAttributes: { email: 'grace@example.com' }, finalUserStatus: 'CONFIRMED' }
        console.log('looked at', event.userName)
        return event
      }`,
    )
    assert.ok((await signIn('Analytical1!')).AuthenticationResult)
    const { UserStatus } = await client.send(new AdminGetUserCommand({ UserPoolId, Username: 'grace' }))
    assert.equal(UserStatus, 'CONFIRMED')
    await server.heard(/looked at grace/, 'stderr')
  })

  test('may be named by an alias, and be those of another account', async () => {
    for (const arn of [
      `${functionArnOf('auto-confirm')}:live`,
      'arn:aws:lambda:us-east-1:999999999999:function:auto-confirm',
    ]) {
      const { UserPool } = await client.send(
        new CreateUserPoolCommand({ PoolName: 'elsewhere', LambdaConfig: { PreSignUp: arn } }),
      )
      assert.equal(UserPool?.LambdaConfig?.PreSignUp, arn)
      const { UserPoolClient } = await client.send(
        new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: 'app' }),
      )
      const { UserConfirmed } = await client.send(
        new SignUpCommand({
          ClientId: UserPoolClient?.ClientId,
          Username: 'ada',
          Password: password,
          UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
        }),
      )
      assert.equal(UserConfirmed, true)
    }
  })

  test('that are not there are said to be', async () => {
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({ PoolName: 'lost', LambdaConfig: { PreSignUp: functionArnOf('nowhere') } }),
    )
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: 'app' }),
    )
    await assert.rejects(
      client.send(
        new SignUpCommand({ ClientId: UserPoolClient?.ClientId, Username: 'ada', Password: password }),
      ),
      refusal(
        'UnexpectedLambdaException',
        'PreSignUp invocation failed due to error ResourceNotFoundException.',
      ),
    )
  })

  test('end with the server', async () => {
    assert.deepEqual(await server.end(), { code: 0, signal: null })
  })
})

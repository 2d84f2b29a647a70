import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, password, signIn } from '../fixtures.ts'
import { type FunctionProcess, type MailService, mailService, serverWith } from '../function-process.ts'
import { functionArnOf } from '../trigger-functions.ts'

/**
 * A function that carries mail, as AWS's documentation has it: it decrypts with the AWS Encryption SDK, whose keyring asks
 * the KMS that `process.env` names, which is this server.
 */
describe('a custom sender in the data folder', () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357'
  const email = 'ada@example.com'
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ]
  let here: FunctionProcess
  let mails: MailService
  let UserPoolId: string
  let ClientId: string

  before(async () => {
    mails = await mailService()
    here = await serverWith(['mail-carrier.js'], (url) => ({
      ...mails.variables,
      AWS_ENDPOINT_URL_KMS: url,
      KEY_ALIAS: 'arn:aws:kms:us-east-1:123456789012:alias/mail',
      KEY_ARN: key,
    }))
    UserPoolId = await createPool(here, {
      AutoVerifiedAttributes: ['email'],
      LambdaConfig: {
        CustomEmailSender: { LambdaArn: functionArnOf('mail-carrier'), LambdaVersion: 'V1_0' },
        KMSKeyID: key,
      },
    })
    ;({ ClientId } = await createClient(here, UserPoolId))
  })
  after(async () => {
    mails.close()
    await here?.remove()
  })

  async function codeFor(reason: string): Promise<string> {
    const { text, ...mail } = await mails.next()
    assert.deepEqual(mail, {
      from: 'no-reply@example.com',
      to: email,
      subject: `CustomEmailSender_${reason}`,
    })
    return text.replace(/^Your code: /, '')
  }

  test('decrypts the code of a sign-up, and it confirms', async () => {
    await here.client.send(
      new SignUpCommand({
        ClientId,
        Username: 'ada',
        Password: password,
        UserAttributes: UserAttributes.slice(0, 1),
      }),
    )
    const ConfirmationCode = await codeFor('SignUp')
    assert.match(ConfirmationCode, /^\d{6}$/)
    await here.client.send(new ConfirmSignUpCommand({ ClientId, Username: 'ada', ConfirmationCode }))
  })

  test('decrypts the code for a new password, and it sets one', async () => {
    await here.client.send(new ForgotPasswordCommand({ ClientId, Username: 'ada' }))
    const ConfirmationCode = await codeFor('ForgotPassword')
    await here.client.send(
      new ConfirmForgotPasswordCommand({ ClientId, Username: 'ada', ConfirmationCode, Password: password }),
    )
    assert.ok((await signIn(here, UserPoolId, ClientId, 'ada')).AuthenticationResult)
  })

  test('decrypts a temporary password, and it signs in', async () => {
    await here.client.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'grace',
        UserAttributes,
        DesiredDeliveryMediums: ['EMAIL'],
      }),
    )
    const temporary = await codeFor('AdminCreateUser')
    const { ChallengeName } = await signIn(here, UserPoolId, ClientId, 'grace', temporary)
    assert.equal(ChallengeName, 'NEW_PASSWORD_REQUIRED')
    assert.equal(mails.waiting, 0)
  })

  test('ends with the server', async () => {
    assert.deepEqual(await here.server.end(), { code: 0, signal: null })
  })
})

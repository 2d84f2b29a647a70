import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  clientOf,
  codeSent,
  createPlace,
  emailTo,
  hides,
  lambda,
  messageSent,
  type Place,
  showUser,
  signUp,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const fresh = 'Another-horse-8'
const email = 'who@example.com'
const mailed = { email, email_verified: 'true' }
const resetRequired = refusal('PasswordResetRequiredException', texts.resetRequired)
const cannot = refusal('NotAuthorizedException', 'User password cannot be reset in the current state.')

describe('AdminResetUserPassword', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })
    const reset = (Username: string, { UserPoolId }: Place = place) =>
      server().client.send(new AdminResetUserPasswordCommand({ UserPoolId, Username }))
    const set = (Username: string, ConfirmationCode: string) =>
      server().client.send(
        new ConfirmForgotPasswordCommand({
          ClientId: place.ClientId,
          Username,
          ConfirmationCode,
          Password: fresh,
        }),
      )

    test('takes the password away at once and sends a code', async () => {
      await createUser(server(), place.UserPoolId, 'reset', mailed)
      const { AccessToken } = await tokensOf(server(), place, 'reset')
      const { $metadata: _, ...answer } = await reset('reset')
      assert.deepEqual(answer, {})
      const message = await messageSent(server())
      assert.deepEqual(message, emailTo(email, message.code))
      assert.equal((await showUser(server(), place, 'reset')).UserStatus, 'RESET_REQUIRED')
      await assert.rejects(tokensOf(server(), place, 'reset'), resetRequired)
      await assert.rejects(tokensOf(server(), place, 'reset', 'Wrong-horse-7'), resetRequired)
      await assert.rejects(server().client.send(new GetUserCommand({ AccessToken })), resetRequired)
      await set('reset', message.code)
      await tokensOf(server(), place, 'reset', fresh)
    })

    test('a client that hides who exists learns nothing from a wrong password', async () => {
      const hiding = await clientOf(server(), place.UserPoolId, hides)
      await createUser(server(), place.UserPoolId, 'hidden', mailed)
      await reset('hidden')
      await codeSent(server())
      await assert.rejects(
        tokensOf(server(), hiding, 'hidden', 'Wrong-horse-7'),
        refusal('NotAuthorizedException', 'Incorrect username or password.'),
      )
    })

    test('again, with a new code; each is good for an hour', async () => {
      await createUser(server(), place.UserPoolId, 'again', mailed)
      await reset('again')
      const first = await codeSent(server())
      await reset('again')
      const second = await codeSent(server())
      await assert.rejects(set('again', first), refusal('CodeMismatchException', texts.mismatch))
      server().clock.now += hours(1)
      await assert.rejects(set('again', second), refusal('ExpiredCodeException', texts.expired))
    })

    test('not of whoever has no password of their own, is not confirmed or is disabled', async () => {
      const { UserPoolId } = place
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: 'invited',
          UserAttributes: attributeList(mailed),
          MessageAction: 'SUPPRESS',
        }),
      )
      await assert.rejects(reset('invited'), cannot)
      await signUp(server(), place, 'unconfirmed', { email })
      await codeSent(server())
      await assert.rejects(reset('unconfirmed'), cannot)
      await createUser(server(), UserPoolId, 'disabled', mailed)
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
      await assert.rejects(reset('disabled'), refusal('NotAuthorizedException', texts.disabled))
      assert.deepEqual(await server().sent(), [])
    })

    test('not where no code can be sent to', async () => {
      await createUser(server(), place.UserPoolId, 'unverified', { email })
      await assert.rejects(
        reset('unverified'),
        refusal(
          'InvalidParameterException',
          'Cannot reset password for the user as there is no registered/verified email or phone_number',
        ),
      )
      const mute = await createPlace(server(), { SmsConfiguration: undefined })
      await createUser(server(), mute.UserPoolId, 'unheard', {
        phone_number: phone,
        phone_number_verified: 'true',
      })
      await assert.rejects(reset('unheard', mute), refusal('InvalidParameterException', texts.undeliverable))
      const closed = await createPlace(server(), {
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
      })
      await createUser(server(), closed.UserPoolId, 'dependent', mailed)
      await assert.rejects(
        reset('dependent', closed),
        refusal('NotAuthorizedException', 'Contact administrator to reset password.'),
      )
      assert.equal((await showUser(server(), closed, 'dependent')).UserStatus, 'CONFIRMED')
    })

    test('stops at a function that is not there, and takes nothing away', async () => {
      const here = await createPlace(server(), { LambdaConfig: { CustomMessage: lambda } })
      await createUser(server(), here.UserPoolId, 'triggered', mailed)
      await assert.rejects(
        reset('triggered', here),
        refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')),
      )
      await tokensOf(server(), here, 'triggered')
    })

    test('a user who is not there', async () => {
      await assert.rejects(reset('nobody'), refusal('UserNotFoundException', 'User does not exist.'))
    })
  })
})

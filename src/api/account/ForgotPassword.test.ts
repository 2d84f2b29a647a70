import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolCommandInput,
  ForgotPasswordCommand,
  type ForgotPasswordCommandInput,
  type RecoveryOptionType,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  byEmail,
  bySms,
  clientOf,
  createPlace,
  emailTo,
  hides,
  lambda,
  messageSent,
  type Place,
  secretHash,
  showUser,
  signUp,
  smsTo,
  texts,
  tokensOf,
} from '../../../test/accounts.ts'
import { attributeList, createUser, phone, refusal, smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const email = 'who@example.com'
const mailed = { email, email_verified: 'true' }
const called = { phone_number: phone, phone_number_verified: 'true' }
const noAddress = refusal(
  'InvalidParameterException',
  'Cannot reset password for the user as there is no registered/verified email or phone_number',
)
const recoverBy = (...names: RecoveryOptionType['Name'][]): Partial<CreateUserPoolCommandInput> => ({
  AccountRecoverySetting: {
    RecoveryMechanisms: names.map((Name, place) => ({ Name, Priority: place + 1 })),
  },
})

/** Recovery as pools have it that say nothing of it in so many words. */
const phoneThenEmail: Partial<CreateUserPoolCommandInput> = { AccountRecoverySetting: {} }

describe('ForgotPassword', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), phoneThenEmail)
    })
    const forget = (
      Username: string,
      { ClientId }: Place = place,
      input: Partial<ForgotPasswordCommandInput> = {},
    ) => server().client.send(new ForgotPasswordCommand({ ClientId, Username, ...input }))

    test('sends a code to the verified address, and the password works still', async () => {
      await createUser(server(), place.UserPoolId, 'forgetful', mailed)
      const { $metadata: _, ...answer } = await forget('forgetful')
      assert.deepEqual(answer, { CodeDeliveryDetails: byEmail('w***@e***') })
      const message = await messageSent(server())
      assert.deepEqual(message, emailTo(email, message.code))
      assert.match(message.code, /^[0-9]{6}$/)
      assert.equal((await showUser(server(), place, 'forgetful')).UserStatus, 'CONFIRMED')
      await tokensOf(server(), place, 'forgetful')
    })

    const phoneOnly = recoverBy('verified_phone_number')
    const emailOnly = recoverBy('verified_email')
    const emailThenPhone = recoverBy('verified_email', 'verified_phone_number')
    for (const [what, pool, attributes, medium] of [
      ['the email first in a new pool', {}, { ...mailed, ...called }, 'EMAIL'],
      ['the phone there where the email is not verified', {}, { email, ...called }, 'SMS'],
      ['the phone first where the setting is empty', phoneThenEmail, { ...mailed, ...called }, 'SMS'],
      ['the email there for want of a phone', phoneThenEmail, { ...mailed, phone_number: phone }, 'EMAIL'],
      ['by priority', emailThenPhone, { ...mailed, ...called }, 'EMAIL'],
      ['the next where the first is not verified', emailThenPhone, { email, ...called }, 'SMS'],
      ['only what is named', phoneOnly, { ...mailed, ...called }, 'SMS'],
      ['nowhere else', phoneOnly, { ...mailed, phone_number: phone }, undefined],
      ['nowhere without the address that is named', emailOnly, called, undefined],
      ['nowhere unverified', {}, { email, phone_number: phone }, undefined],
      ['nowhere without an address', {}, {}, undefined],
    ] as const) {
      test(`the address: ${what}`, async () => {
        const here = await createPlace(server(), pool)
        await createUser(server(), here.UserPoolId, 'who', attributes)
        if (medium === undefined) {
          await assert.rejects(forget('who', here), noAddress)
          return assert.deepEqual(await server().sent(), [])
        }
        const { CodeDeliveryDetails } = await forget('who', here)
        const message = await messageSent(server())
        assert.deepEqual(
          [CodeDeliveryDetails, message],
          medium === 'SMS'
            ? [bySms('+*******0123'), smsTo(phone, message.code)]
            : [byEmail('w***@e***'), emailTo(email, message.code)],
        )
      })
    }

    describe('where there is a second factor', () => {
      let guarded: Place
      before(async () => {
        guarded = await createPlace(server(), {
          MfaConfiguration: 'OPTIONAL',
          SmsConfiguration: smsConfiguration,
          ...phoneThenEmail,
        })
      })
      const prefer = (Username: string, medium: 'SMS' | 'EMAIL', at = guarded) => {
        const settings = { Enabled: true, PreferredMfa: true }
        return server().client.send(
          new AdminSetUserMFAPreferenceCommand({
            UserPoolId: at.UserPoolId,
            Username,
            ...(medium === 'SMS' ? { SMSMfaSettings: settings } : { EmailMfaSettings: settings }),
          }),
        )
      }

      test('its address receives no reset code', async () => {
        await createUser(server(), guarded.UserPoolId, 'texts', { ...mailed, ...called })
        await prefer('texts', 'SMS')
        assert.deepEqual((await forget('texts', guarded)).CodeDeliveryDetails, byEmail('w***@e***'))
        await createUser(server(), guarded.UserPoolId, 'mails', { ...mailed, ...called })
        await prefer('mails', 'EMAIL')
        assert.deepEqual((await forget('mails', guarded)).CodeDeliveryDetails, bySms('+*******0123'))
        assert.equal((await server().sent()).length, 2)
      })

      test('also of the older settings, and not where the pool has no MFA', async () => {
        const UserPoolId = guarded.UserPoolId
        await createUser(server(), UserPoolId, 'older', { ...mailed, ...called })
        await server().client.send(
          new AdminSetUserSettingsCommand({
            UserPoolId,
            Username: 'older',
            MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }],
          }),
        )
        assert.deepEqual((await forget('older', guarded)).CodeDeliveryDetails, byEmail('w***@e***'))
        await createUser(server(), place.UserPoolId, 'unguarded', { ...mailed, ...called })
        await prefer('unguarded', 'SMS', place)
        assert.deepEqual((await forget('unguarded')).CodeDeliveryDetails, bySms('+*******0123'))
        assert.equal((await server().sent()).length, 2)
      })

      test('without another address there is no reset', async () => {
        await createUser(server(), guarded.UserPoolId, 'stuck', called)
        await prefer('stuck', 'SMS')
        await assert.rejects(forget('stuck', guarded), noAddress)
        assert.deepEqual(await server().sent(), [])
      })
    })

    test('not by whoever has no password of their own yet, nor before the sign-up is confirmed', async () => {
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId: place.UserPoolId,
          Username: 'invited',
          UserAttributes: attributeList(mailed),
          MessageAction: 'SUPPRESS',
        }),
      )
      await assert.rejects(
        forget('invited'),
        refusal('NotAuthorizedException', 'User password cannot be reset in the current state.'),
      )
      await signUp(server(), place, 'fresh', { email: 'fresh@example.com' })
      await messageSent(server())
      await assert.rejects(forget('fresh'), noAddress)
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: place.UserPoolId,
          Username: 'fresh',
          UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
        }),
      )
      await forget('fresh')
      await messageSent(server())
    })

    test('only an administrator resets where the pool says so', async () => {
      const here = await createPlace(server(), recoverBy('admin_only'))
      const hiding = await clientOf(server(), here.UserPoolId, hides)
      await createUser(server(), here.UserPoolId, 'dependent', mailed)
      const contact = refusal('NotAuthorizedException', 'Contact administrator to reset password.')
      await assert.rejects(forget('dependent', here), contact)
      await assert.rejects(forget('dependent', hiding), contact)
      await assert.rejects(forget('nobody', hiding), contact)
    })

    test('twenty attempts an hour', async () => {
      await createUser(server(), place.UserPoolId, 'hasty', mailed)
      for (let time = 0; time < 20; time += 1) await forget('hasty')
      await assert.rejects(forget('hasty'), refusal('LimitExceededException', texts.limit))
      assert.equal((await server().sent()).length, 20)
      server().clock.now += hours(1)
      await forget('hasty')
      await messageSent(server())
    })

    describe('whom nobody knows', () => {
      let hiding: Place
      before(async () => {
        hiding = await clientOf(server(), place.UserPoolId, hides)
      })

      test('a client that does not hide them says so', async () => {
        await assert.rejects(forget('nobody'), refusal('UserNotFoundException', texts.unknown))
        await createUser(server(), place.UserPoolId, 'barred', mailed)
        await server().client.send(
          new AdminDisableUserCommand({ UserPoolId: place.UserPoolId, Username: 'barred' }),
        )
        await assert.rejects(forget('barred'), refusal('NotAuthorizedException', texts.disabled))
      })

      test('a client that hides them says that a code was sent, the same at every try', async () => {
        await createUser(server(), place.UserPoolId, 'unverified', { email })
        for (const name of ['nobody', 'barred', 'unverified']) {
          const { CodeDeliveryDetails } = await forget(name, hiding)
          assert.match(CodeDeliveryDetails?.Destination ?? '', /^\+\*{7}[0-9]{4}$/)
          assert.deepEqual(CodeDeliveryDetails, bySms(CodeDeliveryDetails?.Destination ?? ''))
          assert.deepEqual((await forget(name, hiding)).CodeDeliveryDetails, CodeDeliveryDetails)
        }
        assert.deepEqual(await server().sent(), [])
      })

      test('in the words that it has for those it knows', async () => {
        const here = await createPlace(
          server(),
          { UsernameAttributes: ['email'], SmsConfiguration: undefined },
          hides,
        )
        await createUser(server(), here.UserPoolId, 'known@example.com', { email_verified: 'true' })
        const known = await forget('known@example.com', here)
        await messageSent(server())
        const unknown = await forget('known-not@example.com', here)
        assert.deepEqual(unknown.CodeDeliveryDetails, known.CodeDeliveryDetails)
        const plain = await forget('plain', here)
        assert.match(plain.CodeDeliveryDetails?.Destination ?? '', /^[a-z]\*{3}@[a-z]\*{3}$/)
        assert.deepEqual(await server().sent(), [])
      })

      test('and limits them alike', async () => {
        for (let time = 0; time < 20; time += 1) await forget('hasty-nobody', hiding)
        await assert.rejects(forget('hasty-nobody', hiding), refusal('LimitExceededException', texts.limit))
      })
    })

    test('a client with a secret proves it', async () => {
      const secret = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
      await createUser(server(), place.UserPoolId, 'hashed', mailed)
      await assert.rejects(
        forget('hashed', secret),
        refusal('NotAuthorizedException', texts.hashMissing(secret.ClientId)),
      )
      await assert.rejects(
        forget('hashed', secret, { SecretHash: secretHash(secret, 'other') }),
        refusal('NotAuthorizedException', texts.hashWrong(secret.ClientId)),
      )
      await forget('hashed', secret, { SecretHash: secretHash(secret, 'hashed') })
      await messageSent(server())
    })

    test('what cannot be sent', async () => {
      const mute = await createPlace(server(), { SmsConfiguration: undefined })
      await createUser(server(), mute.UserPoolId, 'unheard', called)
      await assert.rejects(forget('unheard', mute), refusal('InvalidParameterException', texts.undeliverable))
    })

    test('stops at a CustomMessage function that is not there', async () => {
      const here = await createPlace(server(), { LambdaConfig: { CustomMessage: lambda } }, hides)
      await createUser(server(), here.UserPoolId, 'triggered', mailed)
      await assert.rejects(
        forget('triggered', here),
        refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')),
      )
    })
  })
})

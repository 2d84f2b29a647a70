import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  ResendConfirmationCodeCommand,
  type ResendConfirmationCodeCommandInput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  byEmail,
  bySms,
  clientOf,
  codeSent,
  confirm,
  createPlace,
  emailTo,
  hides,
  lambda,
  messageSent,
  type Place,
  secretHash,
  signUp,
  smsTo,
  takeSmsAway,
  texts,
} from '../../../test/accounts.ts'
import { createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { hours } from '../../lib/instant.ts'

const nothing = refusal('NotAuthorizedException', 'Cannot resend codes. Auto verification not turned on.')
const limited = refusal('LimitExceededException', texts.limit)
const confirmedAlready = refusal('InvalidParameterException', 'User is already confirmed.')

describe('ResendConfirmationCode', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), { AutoVerifiedAttributes: ['email', 'phone_number'] })
    })
    const resend = (
      Username: string,
      { ClientId }: Place = place,
      input: Partial<ResendConfirmationCodeCommandInput> = {},
    ) => server().client.send(new ResendConfirmationCodeCommand({ ClientId, Username, ...input }))
    async function pending(name: string, at = place, attributes = {}) {
      await signUp(server(), at, name, { email: `${name}@example.com`, ...attributes })
      return codeSent(server())
    }

    test('sends a code to where the first one went, and says so', async () => {
      await pending('emailed')
      const { $metadata: _, ...answer } = await resend('emailed')
      assert.deepEqual(answer, { CodeDeliveryDetails: byEmail('e***@e***') })
      const message = await messageSent(server())
      assert.deepEqual(message, emailTo('emailed@example.com', message.code))
      await pending('texted', place, { phone_number: phone })
      assert.deepEqual((await resend('texted')).CodeDeliveryDetails, bySms('+*******0123'))
      const text = await messageSent(server())
      assert.deepEqual(text, smsTo(phone, text.code))
      await confirm(server(), place, 'texted', text.code)
    })

    test('five an hour', async () => {
      await pending('impatient')
      for (let time = 0; time < 5; time += 1) await resend('impatient')
      await assert.rejects(resend('impatient'), limited)
      assert.equal((await server().sent()).length, 5)
      server().clock.now += hours(1)
      await resend('impatient')
      await confirm(server(), place, 'impatient', await codeSent(server()))
    })

    test('not to whoever is confirmed', async () => {
      await confirm(server(), place, 'done', await pending('done'))
      await assert.rejects(resend('done'), confirmedAlready)
      await createUser(server(), place.UserPoolId, 'made', {})
      await assert.rejects(resend('made'), confirmedAlready)
    })

    test('not where nothing is verified by itself, nor to whoever has no such address', async () => {
      const here = await createPlace(server(), { AutoVerifiedAttributes: [] })
      const hiding = await clientOf(server(), here.UserPoolId, hides)
      await signUp(server(), here, 'silent', { email: 'silent@example.com' })
      await assert.rejects(resend('silent', here), nothing)
      await assert.rejects(resend('silent', hiding), nothing)
      await assert.rejects(resend('nobody', hiding), nothing)
      await signUp(server(), place, 'addressless')
      await assert.rejects(resend('addressless'), nothing)
      assert.deepEqual(await server().sent(), [])
    })

    describe('whom nobody knows', () => {
      let hiding: Place
      before(async () => {
        hiding = await clientOf(server(), place.UserPoolId, hides)
      })

      test('a client that does not hide them says so', async () => {
        await assert.rejects(resend('nobody'), refusal('UserNotFoundException', texts.unknown))
      })

      test('a client that hides them says that a code was sent, the same at every try', async () => {
        for (const [name, delivery] of [
          ['nobody@example.com', byEmail('n***@e***')],
          ['+15555550199', bySms('+*******0199')],
        ] as const) {
          assert.deepEqual((await resend(name, hiding)).CodeDeliveryDetails, delivery)
          assert.deepEqual((await resend(name, hiding)).CodeDeliveryDetails, delivery)
        }
        const { CodeDeliveryDetails: invented } = await resend('nobody', hiding)
        assert.deepEqual(invented, bySms(invented?.Destination ?? ''))
        assert.match(invented?.Destination ?? '', /^\+\*{7}[0-9]{4}$/)
        assert.deepEqual((await resend('nobody', hiding)).CodeDeliveryDetails, invented)
        const { CodeDeliveryDetails: another } = await resend('somebody else', hiding).catch(() =>
          resend('somebody-else', hiding),
        )
        assert.notDeepEqual(another, invented)
        assert.deepEqual(await server().sent(), [])
      })

      test('and an address of the right kind where only email is verified', async () => {
        const mailing = await createPlace(server(), {}, hides)
        const { CodeDeliveryDetails } = await resend('nobody', mailing)
        assert.deepEqual(CodeDeliveryDetails, byEmail(CodeDeliveryDetails?.Destination ?? ''))
        assert.match(CodeDeliveryDetails?.Destination ?? '', /^[a-z]\*{3}@[a-z]\*{3}$/)
        assert.deepEqual((await resend('+15555550199', mailing)).CodeDeliveryDetails?.DeliveryMedium, 'EMAIL')
      })

      test('a disabled user is nobody to it, and disabled to the other', async () => {
        const { UserPoolId } = place
        await pending('disabled')
        await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
        assert.ok((await resend('disabled', hiding)).CodeDeliveryDetails)
        assert.deepEqual(await server().sent(), [])
        await assert.rejects(resend('disabled'), refusal('NotAuthorizedException', texts.disabled))
        await server().client.send(new AdminEnableUserCommand({ UserPoolId, Username: 'disabled' }))
        await resend('disabled', hiding)
        await confirm(server(), place, 'disabled', await codeSent(server()))
      })

      test('nobody is limited like anybody', async () => {
        for (let time = 0; time < 5; time += 1) await resend('impatient-nobody', hiding)
        await assert.rejects(resend('impatient-nobody', hiding), limited)
      })

      test('whoever has no address looks like nobody', async () => {
        await signUp(server(), place, 'hidden-addressless')
        assert.ok((await resend('hidden-addressless', hiding)).CodeDeliveryDetails)
        assert.deepEqual(await server().sent(), [])
      })
    })

    test('a client with a secret proves it', async () => {
      const secret = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
      await pending('hashed')
      await assert.rejects(
        resend('hashed', secret),
        refusal('NotAuthorizedException', texts.hashMissing(secret.ClientId)),
      )
      await assert.rejects(
        resend('hashed', secret, { SecretHash: secretHash(secret, 'other') }),
        refusal('NotAuthorizedException', texts.hashWrong(secret.ClientId)),
      )
      await resend('hashed', secret, { SecretHash: secretHash(secret, 'hashed') })
      await messageSent(server())
    })

    test('what cannot be sent is not stored, and hides nobody', async () => {
      const mute = await createPlace(server(), { AutoVerifiedAttributes: ['phone_number'] }, hides)
      await takeSmsAway(server(), mute)
      const undeliverable = refusal('InvalidParameterException', texts.undeliverable)
      await assert.rejects(resend('nobody', mute), undeliverable)
      const first = await createPlace(server(), { AutoVerifiedAttributes: ['phone_number'] })
      const code = await pending('stuck', first, { phone_number: phone })
      await server().client.send(
        new UpdateUserPoolCommand({
          UserPoolId: first.UserPoolId,
          AutoVerifiedAttributes: ['phone_number'],
          LambdaConfig: { CustomMessage: lambda },
        }),
      )
      await assert.rejects(
        resend('stuck', first),
        refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')),
      )
      await confirm(server(), first, 'stuck', code)
    })
  })
})

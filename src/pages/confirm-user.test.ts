import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { confirm, createPlace, type Place, showUser, signUp, texts } from '../../test/accounts.ts'
import { onEachStore, type Sent } from '../../test/harness.ts'
import { emailConfiguration } from '../../test/sign-in.ts'
import { functionArnOf } from '../../test/trigger-functions.ts'

describe('the link that confirms a sign-up', () => {
  onEachStore((server) => {
    const byLink = { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' as const } }
    const email = 'ada@example.com'
    async function linkIn(message: Sent | undefined): Promise<string> {
      const [, href = ''] = /<a href="([^"]+)">/.exec(message?.body ?? '') ?? []
      const url = new URL(href.replaceAll('&#38;', '&'))
      assert.equal(url.origin, 'http://localhost:9229')
      return url.pathname + url.search
    }
    async function signedUp(at: Place, name = 'ada'): Promise<string> {
      await signUp(server(), at, name, { email })
      const [message, ...others] = await server().sent()
      assert.deepEqual(others, [])
      return linkIn(message)
    }
    async function follow(path: string) {
      const answer = await server().web(path)
      const text = await answer.text()
      const [, title = '', said = ''] = /<h1>(.*)<\/h1>\s*<p>(.*)<\/p>/.exec(text) ?? []
      return { status: answer.status, title, said, headers: answer.headers, text }
    }

    test('is in the mail, in place of the code, and confirms whoever follows it, once', async () => {
      const at = await createPlace(server(), byLink)
      await signUp(server(), at, 'ada', { email })
      const [message] = await server().sent()
      assert.equal(message?.subject, 'Your verification link')
      assert.match(
        message?.body ?? '',
        /^Please click the link below to verify your email address\. <a href="[^"]*">Verify Email<\/a>$/,
      )
      const path = await linkIn(message)
      const { status, said } = await follow(path)
      assert.deepEqual([status, said], [200, 'Your registration has been confirmed!'])
      const { UserStatus, attributes } = await showUser(server(), at, 'ada')
      assert.deepEqual([UserStatus, attributes.email_verified], ['CONFIRMED', 'true'])
      const again = await follow(path)
      assert.deepEqual(
        [again.status, again.said],
        [400, 'User cannot be confirmed. Current status is CONFIRMED'],
      )
    })

    test('needs no secret of the client’s, and its code works at ConfirmSignUp too', async () => {
      const at = await createPlace(server(), byLink)
      await signUp(server(), at, 'ada', { email })
      const [message] = await server().sent()
      await confirm(server(), at, 'ada', message?.code ?? '')
      const secret = await createPlace(server(), byLink, { GenerateSecret: true })
      const { secretHash } = await import('../../test/accounts.ts')
      await signUp(server(), secret, 'ada', { email }, { SecretHash: secretHash(secret, 'ada') })
      const [mail] = await server().sent()
      assert.equal((await follow(await linkIn(mail))).status, 200)
    })

    test('is in the words of the pool, or of its function, which must leave it a place', async () => {
      const words = { EmailMessageByLink: 'Go {##here & now##}!', EmailSubjectByLink: 'Go' }
      const template = { ...byLink.VerificationMessageTemplate, ...words }
      const at = await createPlace(server(), { VerificationMessageTemplate: template })
      await signUp(server(), at, 'ada', { email })
      const [message] = await server().sent()
      assert.equal(message?.subject, 'Go')
      assert.match(message?.body ?? '', /^Go <a href="[^"]*">here & now<\/a>!$/)
      const written = await createPlace(server(), {
        ...byLink,
        EmailConfiguration: emailConfiguration,
        LambdaConfig: { CustomMessage: functionArnOf('words') },
      })
      const write = (emailMessage: (event: { request: { linkParameter: string } }) => string) =>
        server().functions.define({
          words: (event) => ({ ...event, response: { emailMessage: emailMessage(event) } }),
        })
      write(({ request }) => `Custom ${request.linkParameter}`)
      await signUp(server(), written, 'ada', { email })
      const [custom] = await server().sent()
      assert.match(custom?.body ?? '', /^Custom <a href="[^"]*">Click Here<\/a>$/)
      write(() => 'No place for it')
      await assert.rejects(signUp(server(), written, 'eve', { email }), {
        name: 'InvalidLambdaResponseException',
      })
    })

    test('falls with a new one, and is no way to reset a password', async () => {
      const at = await createPlace(server(), byLink)
      const first = await signedUp(at)
      await server().client.send(
        new ResendConfirmationCodeCommand({ ClientId: at.ClientId, Username: 'ada' }),
      )
      const [message] = await server().sent()
      assert.deepEqual((await follow(first)).said, texts.mismatch)
      assert.equal((await follow(await linkIn(message))).status, 200)
      await server().client.send(new ForgotPasswordCommand({ ClientId: at.ClientId, Username: 'ada' }))
      const [reset] = await server().sent()
      assert.match(reset?.body ?? '', /^Your verification code is \d{6}\.$/)
    })

    test('that is none tells no more than that, and never what was in it', async () => {
      const at = await createPlace(server(), byLink)
      const path = await signedUp(at)
      const changed = (name: string, value: string) => {
        const url = new URL(path, 'http://localhost')
        url.searchParams.set(name, value)
        return url.pathname + url.search
      }
      const evil = '<script>alert(1)</script>'
      for (const wrong of [
        '/confirmUser',
        changed('client_id', 'nobody'),
        changed('client_id', evil),
        changed('user_name', ''),
        changed('confirmation_code', ''),
      ]) {
        const { status, said } = await follow(wrong)
        assert.deepEqual([status, said], [400, texts.expired], wrong)
      }
      const { text, headers } = await follow(changed('confirmation_code', evil))
      assert.doesNotMatch(text, /<script/)
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
      assert.equal((await showUser(server(), at, 'ada')).UserStatus, 'UNCONFIRMED')
    })
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { InitiateAuthCommand, RespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal } from '../fixtures.ts'
import { type FunctionProcess, type MailService, mailService, serverWith } from '../function-process.ts'
import { claimsOf } from '../sign-in.ts'
import { functionArnOf } from '../trigger-functions.ts'

/** Sign-in by a link in a mail: three functions of the pool's, which send the mail themselves. */
describe('a link in a mail', () => {
  let here: FunctionProcess
  let mails: MailService
  let ClientId: string

  before(async () => {
    mails = await mailService()
    here = await serverWith(
      ['magic-link-define.js', 'magic-link-create.mjs', 'magic-link-verify.mjs'],
      () => ({ ...mails.variables, SIGN_IN_PAGE: 'https://app.example.com/sign-in' }),
    )
    const UserPoolId = await createPool(here, {
      LambdaConfig: {
        DefineAuthChallenge: functionArnOf('magic-link-define'),
        CreateAuthChallenge: functionArnOf('magic-link-create'),
        VerifyAuthChallengeResponse: functionArnOf('magic-link-verify'),
      },
    })
    await createUser(here, UserPoolId, 'ada', { email: 'ada@example.com', email_verified: 'true' })
    ;({ ClientId } = await createClient(here, UserPoolId, {
      ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    }))
  })
  after(async () => {
    mails.close()
    await here?.remove()
  })

  const ask = (USERNAME: string) =>
    here.client.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'CUSTOM_AUTH', AuthParameters: { USERNAME } }),
    )
  /** What the page does that the link leads to, with the session that the app has kept. */
  const follow = async (link: URL, Session: string | undefined) => {
    const { user = '', secret = '' } = Object.fromEntries(link.searchParams)
    const { AuthenticationResult } = await here.client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'CUSTOM_CHALLENGE',
        Session,
        ChallengeResponses: { USERNAME: user, ANSWER: secret },
      }),
    )
    return AuthenticationResult
  }
  async function linkSent(): Promise<URL> {
    const { text, ...mail } = await mails.next()
    assert.deepEqual(mail, { from: 'no-reply@example.com', to: 'ada@example.com', subject: 'Your link' })
    return new URL(text.replace(/^Sign in here: /, ''))
  }
  const wrong = refusal('NotAuthorizedException', 'Incorrect username or password.')
  const used = refusal(
    'NotAuthorizedException',
    'Invalid session for the user, session can only be used once.',
  )

  test('signs in whoever has it, once', async () => {
    const { ChallengeName, ChallengeParameters, Session } = await ask('ada')
    assert.equal(ChallengeName, 'CUSTOM_CHALLENGE')
    assert.deepEqual(ChallengeParameters, { USERNAME: 'ada', sentBy: 'EMAIL' })
    const link = await linkSent()
    assert.match(link.href, /^https:\/\/app\.example\.com\/sign-in\?user=ada&secret=[\w-]{43}$/)
    const tokens = await follow(link, Session)
    assert.equal(claimsOf(tokens?.AccessToken).username, 'ada')
    assert.ok(tokens?.RefreshToken)
    await assert.rejects(follow(link, Session), used)
    // Nor does it sign in anew.
    const again = await ask('ada')
    await assert.rejects(follow(link, again.Session), wrong)
    await linkSent()
  })

  test('that is not the one that was sent ends the sign-in, for the right one too', async () => {
    const { Session } = await ask('ada')
    const link = await linkSent()
    const forged = new URL(link)
    forged.searchParams.set('secret', 'guessed')
    await assert.rejects(follow(forged, Session), wrong)
    await assert.rejects(
      follow(link, Session),
      refusal('NotAuthorizedException', 'Invalid session for the user.'),
    )
  })

  test('is sent to nobody who is not there, and nobody is told', async () => {
    const { ChallengeParameters, Session } = await ask('nobody')
    assert.deepEqual(ChallengeParameters, { USERNAME: 'nobody', sentBy: 'EMAIL' })
    await assert.rejects(follow(new URL('https://x?user=nobody&secret=x'), Session), wrong)
    assert.equal(mails.waiting, 0)
  })
})

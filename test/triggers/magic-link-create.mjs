import { randomBytes } from 'node:crypto'
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'

const ses = new SESv2Client()

/** CreateAuthChallenge: mails a link with a secret in it, which the client does not see. */
export const handler = async (event) => {
  const secret = randomBytes(32).toString('base64url')
  const { email } = event.request.userAttributes
  const link = new URL(process.env.SIGN_IN_PAGE)
  link.search = new URLSearchParams({ user: event.userName, secret })
  if (!event.request.userNotFound) await send(email, `Sign in here: ${link}`)
  event.response.publicChallengeParameters = { sentBy: 'EMAIL' }
  event.response.privateChallengeParameters = { secret }
  event.response.challengeMetadata = 'MAGIC_LINK'
  return event
}

const send = (to, text) =>
  ses.send(
    new SendEmailCommand({
      FromEmailAddress: process.env.MAIL_FROM,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: { Data: 'Your link' }, Body: { Text: { Data: text } } } },
    }),
  )

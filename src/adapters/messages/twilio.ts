import type { MessageSender } from '../../ports/message-sender.ts'
import { mustTake } from './webhook.ts'

/**
 * SMS through Twilio's API or one like it: `twilio://ACCOUNT:TOKEN@host?from=+15005550006`, the host being
 * api.twilio.com where none is meant in particular. Source: Twilio, "Send a message", 2010-04-01.
 */
export function twilioSender(url: URL): MessageSender {
  const { username: account, password: token, host } = url
  const from = url.searchParams.get('from') ?? ''
  const protocol = url.searchParams.get('insecure') === 'true' ? 'http' : 'https'
  const path = `/2010-04-01/Accounts/${encodeURIComponent(decodeURIComponent(account))}/Messages.json`
  const basic = Buffer.from(`${decodeURIComponent(account)}:${decodeURIComponent(token)}`).toString('base64')
  return {
    async send({ to, body }, _, signal) {
      await mustTake(
        await fetch(`${protocol}://${host}${path}`, {
          method: 'POST',
          headers: { authorization: `Basic ${basic}` },
          body: new URLSearchParams({ To: to, From: from, Body: body }),
          signal,
          redirect: 'error',
        }),
      )
    },
    close: async () => {},
  }
}

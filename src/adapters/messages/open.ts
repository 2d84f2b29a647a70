import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MessageSender } from '../../ports/message-sender.ts'

export interface ChannelOptions {
  /** As settings name it: `smtp://…`, `ses:`, `sns:`, `twilio://…`, `webhook:https://…`, `module:./mine.mjs`, `inbox:`. */
  readonly uri: string
  /** Whom mail is from, where the pool does not say. */
  readonly from: string
  readonly region: string
  /** Signs webhooks. */
  readonly secret: string | undefined
}

/**
 * The channel that a URI names; none for the inbox. Each is loaded by those alone who use it.
 * @throws Error with what is wrong
 */
export async function openChannel({
  uri,
  from,
  region,
  secret,
}: ChannelOptions): Promise<MessageSender | undefined> {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(uri) ?? []
  switch (scheme) {
    case 'inbox':
      return undefined
    case 'smtp':
    case 'smtps':
      return (await import('./smtp.ts')).smtpSender(uri, from)
    case 'ses':
      return (await import('./ses.ts')).sesSender({ endpoint: rest || undefined, region }, from)
    case 'sns':
      return (await import('./sns.ts')).snsSender({ endpoint: rest || undefined, region })
    case 'twilio':
      return (await import('./twilio.ts')).twilioSender(new URL(uri))
    case 'webhook':
      return (await import('./webhook.ts')).webhookSender(new URL(rest).href, secret)
    case 'module':
      return openModule(rest)
    default:
      throw new Error(`${scheme || uri}: is no kind of channel`)
  }
}

/** A file whose default export is a MessageSender, or makes one. */
async function openModule(file: string): Promise<MessageSender> {
  const { default: exported } = await import(pathToFileURL(resolve(file)).href)
  const sender: Partial<MessageSender> | undefined =
    typeof exported === 'function' ? await exported() : exported
  if (typeof sender?.send !== 'function') throw new Error(`${file}: its default export has no function send`)
  return { send: sender.send.bind(sender), close: async () => sender.close?.() }
}

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import type { UserPoolId } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import type { Pool } from '../../domain/pool.ts'
import { Undeliverable } from '../../ports/message-sender.ts'
import { type ChannelOptions, openChannel } from './open.ts'

const message: Message = {
  id: 'id-1',
  poolId: 'us-east-1_Abc123456' as UserPoolId,
  medium: 'EMAIL',
  to: 'ada@example.com',
  subject: 'Grüße',
  body: '<b>123456</b>',
  code: '123456',
  createdAt: Date.UTC(2026, 10, 23, 12),
}
const text: Message = { ...message, medium: 'SMS', to: '+15555550123', body: 'Your code is 123456.' }
const poolWith = (settings: object = {}) => ({ settings }) as Pool
const patience = () => new AbortController().signal

async function channel(uri: string, options: Partial<ChannelOptions> = {}) {
  const opened = await openChannel({
    uri,
    from: 'own@example.com',
    region: 'us-east-1',
    secret: undefined,
    ...options,
  })
  assert.ok(opened)
  return opened
}

/** A web server that answers as it is told and remembers what it was asked. */
interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
class Web {
  readonly seen: Seen[] = []
  readonly #server: Server
  answer: { status: number; body?: string; headers?: Record<string, string> } = { status: 200 }

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { method, url, headers } = request
      this.seen.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })
      response.writeHead(this.answer.status, this.answer.headers).end(this.answer.body ?? '')
    })
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  last(): Seen {
    const seen = this.seen.at(-1)
    assert.ok(seen)
    return seen
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

describe('SMTP', () => {
  const mails: { from: string; to: string[]; raw: string; user: string | undefined }[] = []
  let server: SMTPServer
  let uri: string
  before(async () => {
    server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      hideSTARTTLS: true,
      onAuth: ({ username, password }, _, callback) =>
        password === 'secret' ? callback(null, { user: username ?? '' }) : callback(new Error('wrong')),
      onRcptTo: ({ address }, _, callback) =>
        address.startsWith('nobody')
          ? callback(Object.assign(new Error('no such user'), { responseCode: 550 }))
          : address.startsWith('later')
            ? callback(Object.assign(new Error('try again'), { responseCode: 451 }))
            : callback(),
      async onData(stream, { envelope, user }, callback) {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk as Buffer)
        mails.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          user,
        })
        callback()
      },
    })
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    uri = `smtp://mailer:secret@127.0.0.1:${(server.server.address() as AddressInfo).port}`
  })
  after(() => new Promise<void>((resolve) => server.close(() => resolve())))

  test('a mail reaches the server, as HTML, with its subject, from this server’s own address', async () => {
    const smtp = await channel(uri)
    await smtp.send(message, poolWith(), patience())
    await smtp.close()
    const mail = mails.pop()
    assert.equal(mail?.from, 'own@example.com')
    assert.deepEqual(mail?.to, ['ada@example.com'])
    assert.equal(mail?.user, 'mailer')
    assert.match(mail?.raw ?? '', /^Content-Type: text\/html/m)
    assert.match(mail?.raw ?? '', /<b>123456<\/b>/)
    assert.match(mail?.raw ?? '', /^Subject: =\?UTF-8\?/m)
  })

  test('a pool’s EmailConfiguration says whom it is from and who is answered', async () => {
    const smtp = await channel(uri)
    const rows = [
      [{ From: 'Example <from@example.com>', ReplyToEmailAddress: 'help@example.com' }, 'from@example.com'],
      [{ SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/id@example.com' }, 'id@example.com'],
      [{ SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com' }, 'own@example.com'],
    ] as const
    for (const [EmailConfiguration, from] of rows) {
      await smtp.send(message, poolWith({ EmailConfiguration }), patience())
      const mail = mails.pop()
      assert.equal(mail?.from, from)
      if ('ReplyToEmailAddress' in EmailConfiguration)
        assert.match(mail?.raw ?? '', /^Reply-To: help@example.com/m)
    }
    await smtp.close()
  })

  test('what is refused for good is not tried again, what is refused for now is', async () => {
    const smtp = await channel(uri)
    const send = (to: string) => smtp.send({ ...message, to }, poolWith(), patience())
    await assert.rejects(send('nobody@example.com'), Undeliverable)
    await assert.rejects(send('later@example.com'), (error) => !(error instanceof Undeliverable))
    await smtp.close()
  })

  test('an address never becomes two, and adds no header', async () => {
    const smtp = await channel(uri)
    for (const to of ['ada@example.com, eve@example.com', 'ada@example.com\r\nBcc: eve@example.com']) {
      await smtp.send({ ...message, to }, poolWith(), patience()).catch(() => {})
      const mail = mails.pop()
      assert.ok(!mail?.to.includes('eve@example.com'), to)
      assert.doesNotMatch(mail?.raw ?? '', /^Bcc:/m)
    }
    await smtp.close()
  })

  test('a server that is not there is worth another try', async () => {
    const smtp = await channel('smtp://127.0.0.1:1')
    await assert.rejects(
      smtp.send(message, poolWith(), patience()),
      (error) => !(error instanceof Undeliverable),
    )
    await smtp.close()
  })
})

describe('over HTTP', () => {
  const web = new Web()
  let host: string
  before(async () => {
    host = await web.open()
    process.env.AWS_ACCESS_KEY_ID = 'AKIATEST'
    process.env.AWS_SECRET_ACCESS_KEY = 'secret'
  })
  after(() => {
    web.close()
    delete process.env.AWS_ACCESS_KEY_ID
    delete process.env.AWS_SECRET_ACCESS_KEY
  })

  test('Amazon SES is sent its own call', async () => {
    web.answer = { status: 200, body: '{"MessageId":"1"}', headers: { 'content-type': 'application/json' } }
    const ses = await channel(`ses:http://${host}`)
    const EmailConfiguration = { ConfigurationSet: 'set', ReplyToEmailAddress: 'help@example.com' }
    await ses.send(message, poolWith({ EmailConfiguration }), patience())
    const { method, url, headers, body } = web.last()
    assert.deepEqual([method, url], ['POST', '/v2/email/outbound-emails'])
    assert.match(headers.authorization ?? '', /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d+\/us-east-1\/ses\//)
    assert.deepEqual(JSON.parse(body), {
      FromEmailAddress: 'own@example.com',
      Destination: { ToAddresses: ['ada@example.com'] },
      ReplyToAddresses: ['help@example.com'],
      ConfigurationSetName: 'set',
      Content: {
        Simple: {
          Subject: { Data: 'Grüße', Charset: 'UTF-8' },
          Body: { Html: { Data: '<b>123456</b>', Charset: 'UTF-8' } },
        },
      },
    })
    for (const [status, type, forGood] of [
      [400, 'MessageRejected', true],
      [400, 'MailFromDomainNotVerifiedException', true],
      [429, 'TooManyRequestsException', false],
      [500, 'InternalServiceErrorException', false],
    ] as const) {
      web.answer = {
        status,
        body: '{}',
        headers: { 'x-amzn-errortype': type, 'content-type': 'application/json' },
      }
      const failure = await ses.send(message, poolWith(), patience()).catch((error) => error)
      assert.equal(failure instanceof Undeliverable, forGood, type)
    }
    await ses.close()
  })

  test('Amazon SNS is sent its own call, in the region that the pool names', async () => {
    web.answer = {
      status: 200,
      body: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
      headers: { 'content-type': 'text/xml' },
    }
    const sns = await channel(`sns:http://${host}`)
    await sns.send(text, poolWith({ SmsConfiguration: { SnsRegion: 'us-west-2' } }), patience())
    const { headers, body } = web.last()
    assert.match(headers.authorization ?? '', /\/us-west-2\/sns\//)
    const sent = new URLSearchParams(body)
    assert.equal(sent.get('Action'), 'Publish')
    assert.equal(sent.get('PhoneNumber'), '+15555550123')
    assert.equal(sent.get('Message'), 'Your code is 123456.')
    web.answer = {
      status: 400,
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>bad number</Message></Error></ErrorResponse>',
      headers: { 'content-type': 'text/xml' },
    }
    await assert.rejects(sns.send(text, poolWith(), patience()), Undeliverable)
    await sns.close()
  })

  test('Twilio is sent its own call', async () => {
    web.answer = { status: 201, body: '{}' }
    const twilio = await channel(`twilio://AC123:to%2Fken@${host}?from=%2B15005550006&insecure=true`)
    await twilio.send(text, poolWith(), patience())
    const { url, headers, body } = web.last()
    assert.equal(url, '/2010-04-01/Accounts/AC123/Messages.json')
    assert.equal(headers.authorization, `Basic ${Buffer.from('AC123:to/ken').toString('base64')}`)
    assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
      To: '+15555550123',
      From: '+15005550006',
      Body: 'Your code is 123456.',
    })
    web.answer = { status: 400 }
    await assert.rejects(twilio.send(text, poolWith(), patience()), Undeliverable)
  })

  test('a webhook is given JSON, signed, and its status is heard', async () => {
    web.answer = { status: 204 }
    const hook = await channel(`webhook:http://${host}/messages`, { secret: 'shared' })
    await hook.send(message, poolWith(), patience())
    const { method, url, headers, body } = web.last()
    assert.deepEqual([method, url], ['POST', '/messages'])
    const digest = createHmac('sha256', 'shared').update(body).digest('hex')
    assert.equal(headers['x-cognate-signature-256'], `sha256=${digest}`)
    assert.deepEqual(JSON.parse(body), {
      id: 'id-1',
      userPoolId: 'us-east-1_Abc123456',
      medium: 'EMAIL',
      to: 'ada@example.com',
      subject: 'Grüße',
      body: '<b>123456</b>',
      code: '123456',
      createdAt: '2026-11-23T12:00:00.000Z',
    })
    for (const [status, forGood] of [
      [400, true],
      [410, true],
      [408, false],
      [429, false],
      [503, false],
    ] as const) {
      web.answer = { status }
      const failure = await hook.send(message, poolWith(), patience()).catch((error) => error)
      assert.ok(failure instanceof Error)
      assert.equal(failure instanceof Undeliverable, forGood, String(status))
    }
    // Elsewhere is not where the operator said.
    web.answer = { status: 302, headers: { location: `http://${host}/other` } }
    const before = web.seen.length
    await assert.rejects(hook.send(message, poolWith(), patience()))
    assert.equal(web.seen.length, before + 1)
  })

  test('an attempt ends with its signal', async () => {
    const hook = await channel(`webhook:http://${host}/messages`)
    const over = AbortSignal.abort()
    await assert.rejects(hook.send(message, poolWith(), over), { name: 'AbortError' })
  })
})

describe('a module', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognate-channel-'))
  })
  after(() => rm(folder, { recursive: true }))
  const file = async (name: string, code: string) => {
    const path = join(folder, name)
    await writeFile(path, code)
    return `module:${path}`
  }

  test('of one’s own carries messages, as an object or what makes one', async () => {
    for (const [name, code] of [
      ['object.mjs', 'export default { sent: [], async send(m) { globalThis.sentByModule = m.to } }'],
      ['maker.mjs', 'export default () => ({ async send(m) { globalThis.sentByModule = m.to } })'],
    ] as const) {
      const own = await channel(await file(name, code))
      await own.send(message, poolWith(), patience())
      await own.close()
      assert.equal(Reflect.get(globalThis, 'sentByModule'), 'ada@example.com')
      Reflect.deleteProperty(globalThis, 'sentByModule')
    }
  })

  test('that is none is said to be', async () => {
    const uri = await file('none.mjs', 'export default 7')
    await assert.rejects(channel(uri), /its default export has no function send/)
    await assert.rejects(channel('module:./nowhere.mjs'))
  })
})

test('the inbox is no channel, and what is no channel is said to be', async () => {
  const options = { from: 'own@example.com', region: 'us-east-1', secret: undefined }
  assert.equal(await openChannel({ ...options, uri: 'inbox:' }), undefined)
  await assert.rejects(openChannel({ ...options, uri: 'pigeon:home' }), /pigeon: is no kind of channel/)
})

/** Delivery by the program itself: to a real mail server, through a kill, and out of the dead letters. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { SMTPServer } from 'smtp-server'
import { password } from './fixtures.ts'
import { type Bundle, bundled, endAll, sdkAt } from './server-process.ts'

/** A mail server that may be deaf: it takes connections and says nothing until it hears again. */
class Mail {
  readonly received: string[] = []
  refusing: number | undefined
  #heard = Promise.withResolvers<void>()
  readonly #server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onRcptTo: (_, __, callback) =>
      this.refusing === undefined
        ? callback()
        : callback(Object.assign(new Error('not now'), { responseCode: this.refusing })),
    onData: (stream, { envelope }, callback) => {
      stream.resume().on('end', () => {
        this.received.push(...envelope.rcptTo.map(({ address }) => address))
        this.#heard.resolve()
        this.#heard = Promise.withResolvers()
        callback()
      })
    },
  })

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server.server, 'listening')
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`
  }

  async until(count: number): Promise<void> {
    while (this.received.length < count) await this.#heard.promise
  }

  close = () => new Promise<void>((resolve) => this.#server.close(() => resolve()))
}

describe('a server with a mail server', () => {
  let bundle: Bundle
  let mail: Mail
  let smtp: string
  before(async () => {
    bundle = await bundled()
    mail = new Mail()
    smtp = await mail.open()
  })
  afterEach(endAll)
  after(async () => {
    await bundle.remove()
    await mail.close()
  })

  async function clientIn(client: CognitoIdentityProviderClient): Promise<string> {
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({ PoolName: 'mailed', AutoVerifiedAttributes: ['email'] }),
    )
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: 'app' }),
    )
    return UserPoolClient?.ClientId ?? ''
  }
  const signUp = (client: CognitoIdentityProviderClient, ClientId: string, name: string) =>
    client.send(
      new SignUpCommand({
        ClientId,
        Username: name,
        Password: password,
        UserAttributes: [{ Name: 'email', Value: `${name}@example.com` }],
      }),
    )

  test('sends what it has promised, also what a kill found between the commit and the delivery', async () => {
    const data = bundle.newData()
    const flags = ['serve', '--port', '0', '--data', data]
    // A channel that never answers keeps every message from being handed over.
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const deaf = bundle.run([...flags, '--email', `webhook:http://127.0.0.1:${port}/`])
    const first = sdkAt(await deaf.url())
    const ClientId = await clientIn(first)
    const names = Array.from({ length: 20 }, (_, index) => `user-${index}`)
    await Promise.all(names.map((name) => signUp(first, ClientId, name)))
    await deaf.end('SIGKILL')
    silent.close()
    mail.received.length = 0
    const second = bundle.run([...flags, '--email', smtp, '--test-clock'])
    const url = await second.url()
    // What was claimed by the one who died is free after half a minute.
    await fetch(`${url}/_cognate/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"advance":"PT1M"}',
    })
    await mail.until(20)
    assert.deepEqual(mail.received.toSorted(), names.map((name) => `${name}@example.com`).toSorted())
    await signUp(sdkAt(url), ClientId, 'later')
    await mail.until(21)
    assert.deepEqual(await second.end(), { code: 0, signal: null })
    assert.equal(mail.received.length, 21)
  })

  test('puts aside what is refused for good, where it is seen and sent again', async () => {
    const data = bundle.newData()
    const server = bundle.run(['serve', '--port', '0', '--data', data, '--email', smtp])
    const client = sdkAt(await server.url())
    const ClientId = await clientIn(client)
    mail.received.length = 0
    mail.refusing = 550
    await signUp(client, ClientId, 'refused')
    await server.heard(/message not delivered/, 'stderr')
    mail.refusing = undefined
    const outbox = async (...args: string[]) => {
      const run = bundle.run(['outbox', '--data', data, ...args])
      const { code } = await run.ended
      return { code, printed: run.stdout }
    }
    const { printed } = await outbox()
    const [, id = ''] =
      /^(\S+) {2}\S+ {2}EMAIL {2}refused@example\.com\n {2}failed once: .*not now/.exec(printed) ?? []
    assert.match(id, /^[0-9a-f-]+$/, printed)
    assert.doesNotMatch(printed, /\d{6}\./)
    assert.deepEqual(await outbox('--resend', 'nothing'), { code: 1, printed: '0 to be sent again\n' })
    assert.deepEqual(await outbox('--resend', id), { code: 0, printed: '1 to be sent again\n' })
    await mail.until(1)
    assert.deepEqual(mail.received, ['refused@example.com'])
    await server.end()
    assert.deepEqual(await outbox(), { code: 0, printed: 'Nothing was given up.\n' })
  })
})

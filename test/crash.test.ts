/** Whatever was acknowledged is there, however the process ends. */
import assert from 'node:assert/strict'
import { mkdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributeList, attributesIn } from './fixtures.ts'
import { type Bundle, bundled, sdkAt } from './server-process.ts'

let bundle: Bundle
before(async () => {
  bundle = await bundled()
})
after(() => bundle?.remove())

const cycles = 100
const editors = ['ada', 'bob', 'eve', 'kim']

test(`${cycles} times killed while it writes, it has kept every write it acknowledged`, async (context) => {
  const data = bundle.newData()
  const env = { NODE_COMPILE_CACHE: join(bundle.folder, 'cache') }
  const start = () => bundle.run(['serve', '--port', '0', '--data', data], env)

  const first = start()
  const client = sdkAt(await first.url())
  const UserPoolId = await fillPool(client)
  client.destroy()
  await first.end()

  const book = new Book(UserPoolId)
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const server = start()
    const client = sdkAt(await server.url())
    await book.check(client)
    // Another moment every time: after 1 write, after 8, after 15 … of 40.
    const last = 1 + ((cycle * 7) % 40)
    let acknowledged = 0
    await book.writeUntil(client, () => {
      acknowledged += 1
      if (acknowledged === last) server.child.kill('SIGKILL')
    })
    client.destroy()
    assert.equal((await server.ended).signal, 'SIGKILL')
  }

  const server = start()
  await book.check(sdkAt(await server.url()))
  assert.equal((await server.end()).code, 0)
  const database = new DatabaseSync(join(data, 'cognate.sqlite'), { readOnly: true })
  assert.equal(database.prepare('pragma integrity_check').get()?.integrity_check, 'ok')
  database.close()
  context.diagnostic(
    `${book.writes} writes acknowledged, ${book.unsure} of ${book.cut} that were cut off are there`,
  )
  assert.ok(book.writes > cycles * 20)
})

/** A pool in which each editor has a user, found by an email address that goes with every edit. */
async function fillPool(client: CognitoIdentityProviderClient): Promise<string> {
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({ PoolName: 'crash', AliasAttributes: ['email'] }),
  )
  const UserPoolId = UserPool?.Id ?? ''
  for (const Username of editors) {
    const UserAttributes = attributeList(edition(Username, 0))
    await client.send(
      new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
    )
  }
  return UserPoolId
}

/** Rows that one edit changes together: three attributes and an alias. */
const edition = (editor: string, number: number) => ({
  email: `${editor}-${number}@example.com`,
  email_verified: 'true',
  name: `${number}`,
  nickname: `${number}`,
})

/** What was acknowledged, and what was cut off and may be there or not, but not in part. */
class Book {
  readonly #poolId: string
  readonly #editions = new Map(editors.map((editor) => [editor, { kept: 0, next: 0 }]))
  #newClients: string[] = []
  writes = 0
  cut = 0
  unsure = 0

  constructor(poolId: string) {
    this.#poolId = poolId
  }

  /** Everybody writes, one thing after the other, until there is nobody to write to. */
  async writeUntil(client: CognitoIdentityProviderClient, acknowledged: () => void): Promise<void> {
    const keepOn = async (write: () => Promise<void>) => {
      for (;;) {
        try {
          await write()
        } catch (error) {
          // No server is what ends it; a server's refusal is not.
          assert.ok(!('$fault' in (error as object)), error as Error)
          this.cut += 1
          return
        }
        this.writes += 1
        acknowledged()
      }
    }
    await Promise.all([
      ...editors.map((editor) => keepOn(() => this.#edit(client, editor))),
      keepOn(() => this.#createClient(client)),
      keepOn(() => this.#createClient(client)),
    ])
  }

  async #edit(client: CognitoIdentityProviderClient, editor: string): Promise<void> {
    const at = this.#editions.get(editor) ?? assert.fail()
    at.next = at.kept + 1
    await client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: this.#poolId,
        Username: editor,
        UserAttributes: attributeList(edition(editor, at.next)),
      }),
    )
    at.kept = at.next
  }

  async #createClient(client: CognitoIdentityProviderClient): Promise<void> {
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId: this.#poolId, ClientName: 'crash' }),
    )
    this.#newClients.push(UserPoolClient?.ClientId ?? assert.fail())
  }

  async check(client: CognitoIdentityProviderClient): Promise<void> {
    const UserPoolId = this.#poolId
    for (const ClientId of this.#newClients.splice(0)) {
      await client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    }
    for (const [editor, at] of this.#editions) {
      const { UserAttributes } = await client.send(new AdminGetUserCommand({ UserPoolId, Username: editor }))
      const { sub: _, ...found } = attributesIn(UserAttributes)
      const number = Number(found.name)
      assert.ok(
        number === at.kept || number === at.next,
        `${editor}: ${number}, not ${at.kept} or ${at.next}`,
      )
      assert.deepEqual(found, edition(editor, number))
      const byAlias = (of: number) =>
        client.send(new AdminGetUserCommand({ UserPoolId, Username: edition(editor, of).email }))
      assert.equal((await byAlias(number)).Username, editor)
      const other = number === at.kept ? at.kept + 1 : at.kept
      await assert.rejects(byAlias(other), { name: 'UserNotFoundException' })
      if (number !== at.kept) this.unsure += 1
      at.kept = at.next = number
    }
  }
}

test('killed at any moment of its first start, it starts', async () => {
  for (let moment = 1; moment <= 8; moment += 1) {
    const data = bundle.newData()
    mkdirSync(data)
    const args = ['serve', '--port', '0', '--data', data]
    const server = bundle.run(args)
    let events = 0
    const watcher = watch(data, () => {
      events += 1
      if (events === moment) server.child.kill('SIGKILL')
    })
    assert.equal((await server.ended).signal, 'SIGKILL', `fewer than ${moment} moments`)
    watcher.close()
    const again = bundle.run(args)
    await sdkAt(await again.url()).send(new ListUserPoolsCommand({ MaxResults: 1 }))
    assert.equal((await again.end()).code, 0)
  }
})

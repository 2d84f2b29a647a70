/**
 * What others notice of functions and channels that hang: `node bench/hung-neighbours.ts [samples]
 * [sqlite|postgres]`. Signs users in, one after the other, at a pool that has neither: while nothing else goes on, while a
 * hundred sign-ins of another pool wait for a function that never answers, and while every code of a third goes to a mail
 * server that never speaks. Prints medians and 99th percentiles.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPlace as createStore } from '../test/places.ts'
import { startPostgres } from '../test/postgres.ts'
import { bundled, sdkAt } from '../test/server-process.ts'

const samples = Number(process.argv[2] ?? 1000)
const kindOfStore = process.argv[3] === 'postgres' ? 'postgres' : 'sqlite'
const hung = 100
const password = 'Correct-horse-9'

const say = (line: string) => process.stdout.write(`${line}\n`)

const sockets = new Set<Socket>()
/** A function that is called says so by a connection; mail servers are met here only later. */
const allCalled = Promise.withResolvers<void>()
const silent = createServer((socket) => {
  sockets.add(socket)
  if (sockets.size === hung) allCalled.resolve()
  socket.on('error', () => sockets.delete(socket)).resume()
})
await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
const postgres = kindOfStore === 'postgres' ? await startPostgres() : undefined
if (postgres) process.env.COGNATE_TEST_DATABASE_URL = postgres.url
const store = await createStore(kindOfStore)
await mkdir(join(store.folder, 'triggers'))
const bundle = await bundled()
const { port } = silent.address() as AddressInfo
const hangs = `import { connect } from 'node:net'
export const handler = () => new Promise(() => connect(${port}, '127.0.0.1'))
`
await writeFile(join(store.folder, 'triggers', 'hangs.mjs'), hangs)
const iam =
  'users: [{ name: ada, policies: [AdministratorAccess], accessKeys: [{ id: AKIABENCH, secret: bench }] }]'
await writeFile(join(store.folder, 'iam.yaml'), iam)
const mail = `smtp://127.0.0.1:${port}`
const server = bundle.run([
  'serve',
  '--port',
  '0',
  ...store.settings,
  '--email',
  mail,
  '--mail-from',
  'no-reply@example.com',
])
const connect = async () => sdkAt(await server.url(), 'AKIABENCH', 'bench')
const client = await connect()
/** A client has 50 connections, and who waits keeps one: two clients of their own. */
const waiters = [await connect(), await connect()]

async function createPlace(input: Partial<CreateUserPoolCommandInput> = {}) {
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: 'bench', ...input }))
  const UserPoolId = UserPool?.Id
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'bench',
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  return { UserPoolId, ClientId: UserPoolClient?.ClientId }
}
type Place = Awaited<ReturnType<typeof createPlace>>

async function createUser({ UserPoolId }: Place, Username: string) {
  const UserAttributes = [
    { Name: 'email', Value: `${Username}@example.com` },
    { Name: 'email_verified', Value: 'true' },
  ]
  await client.send(
    new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
  )
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  )
}

const signIn = ({ UserPoolId, ClientId }: Place, USERNAME: string, through = client) =>
  through.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  )

async function timed(work: () => Promise<unknown>, count: number): Promise<string> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1)
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms, of ${times.length}`
}

const calm = await createPlace()
await createUser(calm, 'ada')
const hanging = await createPlace({
  LambdaConfig: { PreAuthentication: 'arn:aws:lambda:us-east-1:123456789012:function:hangs' },
})
await createUser(hanging, 'ada')
const mailing = await createPlace({ AutoVerifiedAttributes: ['email'] })
for (let index = 0; index < 200; index += 1) await createUser(mailing, `user-${index}`)

await timed(() => signIn(calm, 'ada'), 100)
say(`sign-in, nothing else: ${await timed(() => signIn(calm, 'ada'), samples)}`)

// As soon as one is given up, the next comes: there are always a hundred.
let over = false
let givenUp = 0
const firstGivenUp = Promise.withResolvers<void>()
const waiting = Array.from({ length: hung }, async (_, index) => {
  while (!over) {
    await signIn(hanging, 'ada', waiters[index % 2]).catch(() => {
      givenUp += 1
      firstGivenUp.resolve()
    })
  }
})
// Until all are there, or the server has given one up, so that no more would come.
await Promise.race([allCalled.promise, firstGivenUp.promise])
say(`calls that hang: ${sockets.size} of ${hung}`)
say(`sign-in meanwhile: ${await timed(() => signIn(calm, 'ada'), samples)}`)
over = true
await Promise.all(waiting)
say(`  given up in the meantime: ${givenUp}`)

let index = 0
const forgot = () => {
  index += 1
  return client.send(
    new ForgotPasswordCommand({ ClientId: mailing.ClientId, Username: `user-${(index - 1) % 200}` }),
  )
}
say(`ForgotPassword, a mail server that keeps silent: ${await timed(forgot, 200)}`)
say(`sign-in, the same: ${await timed(() => signIn(calm, 'ada'), samples)}`)

await server.end()
for (const socket of sockets) socket.destroy()
silent.close()
await bundle.remove()
await store.remove()
await postgres?.stop()

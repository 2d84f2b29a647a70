/** A pool with one of everything, each made when it is first asked for: of two such, one is another's. */
import { password } from './fixtures.ts'
import { callRaw, type TestServer } from './harness.ts'

// biome-ignore lint/suspicious/noExplicitAny: an answer is what its operation says it is
export type Answer = any

export class Side {
  readonly server: TestServer
  /** `here` or `there`: what is of this side is called so. */
  readonly name: string
  readonly UserPoolId: string
  readonly ClientId: string
  readonly #made = new Map<string, Promise<unknown>>()

  private constructor(server: TestServer, name: string, UserPoolId: string, ClientId: string) {
    this.server = server
    this.name = name
    this.UserPoolId = UserPoolId
    this.ClientId = ClientId
  }

  static async create(server: TestServer, name: string): Promise<Side> {
    const { UserPool } = await ask(server, 'CreateUserPool', { PoolName: name, ...poolSettings })
    const UserPoolId: string = UserPool.Id
    const given = { UserPoolId, ClientName: name, ExplicitAuthFlows: flows }
    const { UserPoolClient } = await ask(server, 'CreateUserPoolClient', given)
    await ask(server, 'SetUserPoolMfaConfig', { UserPoolId, ...factors })
    const sessions = { UserPoolId, UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 100 } }
    await ask(server, 'SetUserPoolSessionConfiguration', sessions)
    return new Side(server, name, UserPoolId, UserPoolClient.ClientId)
  }

  /** Asks about this pool; a refusal is a mistake in the test. */
  ask(operation: string, input: object = {}): Promise<Answer> {
    return ask(this.server, operation, { UserPoolId: this.UserPoolId, ClientId: this.ClientId, ...input })
  }

  once<T>(what: string, make: () => Promise<T>): Promise<T> {
    const made = (this.#made.get(what) as Promise<T> | undefined) ?? make()
    this.#made.set(what, made)
    return made
  }

  /** A confirmed user of this side and no other, with a verified address. */
  user(name = 'user'): Promise<string> {
    return this.once(`user ${name}`, async () => {
      const Username = `${this.name}-${name}`
      const UserAttributes = [
        { Name: 'email', Value: `${Username}@example.com` },
        { Name: 'email_verified', Value: 'true' },
      ]
      await this.ask('AdminCreateUser', { Username, UserAttributes, MessageAction: 'SUPPRESS' })
      await this.ask('AdminSetUserPassword', { Username, Password: password, Permanent: true })
      return Username
    })
  }

  async signIn(USERNAME?: string) {
    const AuthParameters = { USERNAME: USERNAME ?? (await this.user()), PASSWORD: password }
    return this.ask('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
  }

  /** Of the user, from a device that is told of with them. */
  tokens(): Promise<{
    AccessToken: string
    RefreshToken: string
    NewDeviceMetadata: { DeviceKey: string }
  }> {
    return this.once('tokens', async () => (await this.signIn()).AuthenticationResult)
  }

  /** The code of the last message to an address of this side. */
  async code(): Promise<string> {
    const [message] = await this.server.app.store.messages.list({ limit: 1 })
    if (message?.poolId !== this.UserPoolId || message.code === undefined) throw new Error('no code was sent')
    return message.code
  }
}

async function ask(server: TestServer, operation: string, input: object): Promise<Answer> {
  const { status, body } = await callRaw(server, operation, JSON.stringify(input))
  if (status !== 200) throw new Error(`${operation} ${JSON.stringify(input)}: ${body}`)
  return JSON.parse(body)
}

const poolSettings = {
  UserPoolTier: 'PLUS',
  UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
  AliasAttributes: ['email'],
  AutoVerifiedAttributes: ['email'],
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: true },
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
}
const factors = {
  MfaConfiguration: 'OPTIONAL',
  SoftwareTokenMfaConfiguration: { Enabled: true },
  WebAuthnConfiguration: { RelyingPartyId: 'example.com', FactorConfiguration: 'SINGLE_FACTOR' },
}
const flows = [
  'ALLOW_USER_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
]

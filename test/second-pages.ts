import { largest, smallest } from './pool-resources.ts'
import type { Side } from './sides.ts'
import { aGroup, newDevice, passkey, type Thing } from './thing.ts'

const twoDevices = (side: Side) =>
  side.once('two devices', async () => [await newDevice(side, true), await newDevice(side, true)])

const twoGroups = (side: Side) =>
  side.once('two groups', async () => {
    const Username = await side.user()
    for (const GroupName of ['one', 'two'].map((name) => `${side.name}-${name}`)) {
      await side.ask('CreateGroup', { GroupName })
      await side.ask('AdminAddUserToGroup', { Username, GroupName })
    }
  })

const two =
  (operation: string, input: (name: string) => object) =>
  async (side: Side): Promise<unknown> => [
    await side.ask(operation, input(`${side.name}-one`)),
    await side.ask(operation, input(`${side.name}-two`)),
  ]

/** A second of what lists show, so that there is a page behind the first. */
const seconds: Readonly<Record<string, (side: Side) => Promise<unknown>>> = {
  AdminListDevices: twoDevices,
  ListDevices: twoDevices,
  AdminListGroupsForUser: twoGroups,
  ListGroups: twoGroups,
  AdminListUserAuthEvents: async (side) => [await side.tokens(), await side.signIn()],
  ListIdentityProviders: two('CreateIdentityProvider', (ProviderName) => ({
    ...smallest('identity provider'),
    ProviderName,
  })),
  ListResourceServers: two('CreateResourceServer', (Identifier) => ({
    ...smallest('resource server'),
    Identifier,
  })),
  ListTerms: async (side) => {
    const { UserPoolClient } = await side.ask('CreateUserPoolClient', { ClientName: 'second' })
    for (const terms of [smallest('terms document'), largest('terms document')])
      await side.ask('CreateTerms', { ...terms, ClientId: UserPoolClient.ClientId })
  },
  ListUserImportJobs: two('CreateUserImportJob', (JobName) => ({
    JobName,
    CloudWatchLogsRoleArn: 'arn:aws:iam::123456789012:role/logs',
  })),
  ListUserPoolClients: (side) => side.ask('CreateUserPoolClient', { ClientName: 'second' }),
  ListUsers: async (side) => [await side.user(), await side.user('second')],
  async ListUsersInGroup(side) {
    const GroupName = await aGroup.of(side, 'ListUsersInGroup')
    for (const Username of [await side.user(), await side.user('second')])
      await side.ask('AdminAddUserToGroup', { Username, GroupName })
  },
  ListWebAuthnCredentials: async (side) => [await passkey(side), await passkey(side)],
}

/** The token of a listing's second page; of lists that never have one, that of another list. */
export const pageToken: Thing = {
  of: (side, operation) =>
    side.once(`page of ${operation}`, async () => {
      const listing = operation in seconds ? operation : 'ListUsers'
      await seconds[listing]?.(side)
      const { AccessToken } = await side.tokens()
      const input = { Username: await side.user(), GroupName: `${side.name}-group`, AccessToken }
      const { NextToken, PaginationToken } = await side.ask(listing, { ...input, MaxResults: 1, Limit: 1 })
      const token: string | undefined = NextToken ?? PaginationToken
      if (token === undefined) throw new Error(`${listing} has no second page`)
      return token
    }),
  absent: 'made-up',
}

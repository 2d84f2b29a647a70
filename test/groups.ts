/** What tests of groups share. */

import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  type CreateGroupCommandInput,
  DeleteGroupCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from './fixtures.ts'
import type { TestServer } from './harness.ts'

export type Settings = Pick<CreateGroupCommandInput, 'Description' | 'RoleArn' | 'Precedence'>

/** One page of a list, as it is asked for. */
export interface Page {
  readonly Limit?: number
  readonly NextToken?: string | undefined
}

export const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`

export const noGroup = refusal('ResourceNotFoundException', 'Group not found.')
export const badToken = refusal('InvalidParameterException', 'Invalid pagination token.')

/** The operations on groups, each answering with what it is about. */
export function groupsAt(server: () => Pick<TestServer, 'client'>) {
  return {
    create: async (UserPoolId: string, GroupName: string, settings: Settings = {}) =>
      (await server().client.send(new CreateGroupCommand({ UserPoolId, GroupName, ...settings }))).Group,
    get: async (UserPoolId: string, GroupName: string) =>
      (await server().client.send(new GetGroupCommand({ UserPoolId, GroupName }))).Group,
    update: async (UserPoolId: string, GroupName: string, settings: Settings = {}) =>
      (await server().client.send(new UpdateGroupCommand({ UserPoolId, GroupName, ...settings }))).Group,
    remove: (UserPoolId: string, GroupName: string) =>
      server().client.send(new DeleteGroupCommand({ UserPoolId, GroupName })),
    list: (UserPoolId: string, page: Page = {}) =>
      server().client.send(new ListGroupsCommand({ UserPoolId, ...page })),
    join: (UserPoolId: string, Username: string, GroupName: string) =>
      server().client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName })),
    leave: (UserPoolId: string, Username: string, GroupName: string) =>
      server().client.send(new AdminRemoveUserFromGroupCommand({ UserPoolId, Username, GroupName })),
    ofUser: (UserPoolId: string, Username: string, page: Page = {}) =>
      server().client.send(new AdminListGroupsForUserCommand({ UserPoolId, Username, ...page })),
    members: (UserPoolId: string, GroupName: string, page: Page = {}) =>
      server().client.send(new ListUsersInGroupCommand({ UserPoolId, GroupName, ...page })),
  }
}

/** The names on every page, following the tokens to the end. */
export async function pagesOf(
  load: (NextToken: string | undefined) => Promise<{
    readonly Groups?: { readonly GroupName?: string | undefined }[] | undefined
    readonly Users?: { readonly Username?: string | undefined }[] | undefined
    readonly NextToken?: string | undefined
  }>,
  between: (page: number) => Promise<unknown> = async () => {},
): Promise<(string | undefined)[][]> {
  const pages: (string | undefined)[][] = []
  let NextToken: string | undefined
  do {
    const page = await load(NextToken)
    const groups = page.Groups?.map(({ GroupName }) => GroupName)
    pages.push(groups ?? page.Users?.map(({ Username }) => Username) ?? [])
    NextToken = page.NextToken
    await between(pages.length)
  } while (NextToken !== undefined)
  return pages
}

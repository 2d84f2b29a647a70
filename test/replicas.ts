/** What tests of replicas share: a pool that is in two regions, and the client of each. */

import {
  type CognitoIdentityProviderClient,
  type CreateUserPoolCommandInput,
  CreateUserPoolReplicaCommand,
  UpdateUserPoolReplicaCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal } from './fixtures.ts'
import { sdkClient, type TestServer } from './harness.ts'

export const there = 'us-west-2'
export const sharedKey = 'arn:aws:kms:us-east-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef'

/** What a pool needs before it can have a replica. */
export const replicable = {
  KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: sharedKey },
} satisfies Partial<CreateUserPoolCommandInput>

/** The client of a region. Calls that are not signed tell it by the name of the host alone. */
export const inRegion = (server: TestServer, region = there): CognitoIdentityProviderClient =>
  sdkClient(
    server.api,
    { accessKeyId: 'test', secretAccessKey: 'test' },
    region,
    `cognito-idp.${region}.localhost`,
  )

export const replicate = (server: TestServer, UserPoolId: string, RegionName = there) =>
  server.client.send(new CreateUserPoolReplicaCommand({ UserPoolId, RegionName }))

export const setStatus = (server: TestServer, UserPoolId: string, Status: 'ACTIVE' | 'INACTIVE') =>
  server.client.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName: there, Status }))

/** A pool with a replica that serves its users. */
export async function createReplicated(
  server: TestServer,
  input: Partial<CreateUserPoolCommandInput> = {},
): Promise<string> {
  const UserPoolId = await createPool(server, { ...replicable, ...input })
  await replicate(server, UserPoolId)
  await setStatus(server, UserPoolId, 'ACTIVE')
  return UserPoolId
}

export const notThere = refusal(
  'OperationNotEnabledException',
  'The operation is not available in the current Region for this user pool.',
)

import type { Client } from '../../domain/client.ts'
import { clientSecrets } from '../../flows/client-secrets.ts'
import type { App } from '../../ports/app.ts'
import type { Output } from '../../protocol/shape.ts'
import type { UserPoolClient } from './shapes.ts'

/** An app client as the service shows it. A client's secret is shown to whoever may describe the client. */
export function describeClient(app: App, client: Client): Output<typeof UserPoolClient> {
  const [secret] = clientSecrets(app, client)
  const { AnalyticsConfiguration } = client.settings
  return {
    ...client.settings,
    AnalyticsConfiguration: AnalyticsConfiguration?.ApplicationArn
      ? { RoleArn: serviceLinkedRole(app.site.accountId), ...AnalyticsConfiguration }
      : AnalyticsConfiguration,
    UserPoolId: client.poolId,
    ClientId: client.id,
    ClientSecret: secret?.reveal(),
    CreationDate: client.createdAt,
    LastModifiedDate: client.modifiedAt,
    // Clients that register themselves come with dynamic client registration; there are none yet.
    ClientType: 'REGULAR',
  }
}

/** The role that stands in for one that a request cannot name together with an application's ARN. */
const serviceLinkedRole = (accountId: string) =>
  `arn:aws:iam::${accountId}:role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp`

/** What tests of domains share. */

import {
  CreateUserPoolDomainCommand,
  type CreateUserPoolDomainCommandInput,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolDomainCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { TestServer } from './harness.ts'

export type DomainSettings = Omit<CreateUserPoolDomainCommandInput, 'UserPoolId' | 'Domain'>

export const certificate = (id = 'a', region = 'us-east-1') => ({
  CustomDomainConfig: { CertificateArn: `arn:aws:acm:${region}:123456789012:certificate/${id}` },
})

/** The operations on domains, each answering with what it is about. */
export function domainsAt(server: () => Pick<TestServer, 'client'>) {
  return {
    create: async (UserPoolId: string, Domain: string, settings: DomainSettings = {}) => {
      const { $metadata: _, ...answer } = await server().client.send(
        new CreateUserPoolDomainCommand({ UserPoolId, Domain, ...settings }),
      )
      return answer
    },
    show: async (Domain: string) =>
      (await server().client.send(new DescribeUserPoolDomainCommand({ Domain }))).DomainDescription,
    update: async (UserPoolId: string, Domain: string, settings: DomainSettings = {}) => {
      const { $metadata: _, ...answer } = await server().client.send(
        new UpdateUserPoolDomainCommand({ UserPoolId, Domain, ...settings }),
      )
      return answer
    },
    remove: (UserPoolId: string, Domain: string) =>
      server().client.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain })),
  }
}

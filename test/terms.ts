/** What tests of terms documents share. */

import assert from 'node:assert/strict'
import {
  CreateTermsCommand,
  type CreateTermsCommandInput,
  DeleteTermsCommand,
  DescribeTermsByClientCommand,
  DescribeTermsCommand,
  ListTermsCommand,
  type TermsType,
  UpdateTermsCommand,
  type UpdateTermsCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Place } from './branding.ts'
import { refusal } from './fixtures.ts'
import type { TestServer } from './harness.ts'

export const links = { 'cognito:default': 'https://example.com/terms' }
export const noTerms = refusal('ResourceNotFoundException', 'Terms do not exist.')
export const noDefault = refusal('InvalidParameterException', 'Links must include cognito:default.')
export const noTermsInLite = refusal(
  'FeatureUnavailableInTierException',
  'The following feature is not available for the LITE pricing tier configured: Terms',
)
export const alreadyThere = (name: string, { ClientId }: Place) =>
  refusal('TermsExistsException', `Terms ${name} already exist for client ${ClientId}.`)

/** Links that no page of ours should show, with what is said of them. */
export const badLinks = [
  'javascript:alert(1)',
  'data:text/html,<script>',
  'http://example.com/terms',
  'http://localhost.example.com/',
  'ftp://example.com/terms',
  '//example.com/terms',
  '/terms',
  'terms',
]
export const badLink = (link: string) =>
  refusal('InvalidParameterException', `${link} is not a valid link: only HTTPS URLs are.`)

/** The operations on terms, each answering with the terms. */
export function termsAt(server: () => Pick<TestServer, 'client'>) {
  const shown = ({ Terms }: { Terms?: TermsType | undefined }) => {
    assert.ok(Terms)
    return Terms
  }
  return {
    create: async (
      place: Place,
      TermsName = 'terms-of-use',
      over: Partial<CreateTermsCommandInput> = { Links: links },
    ) =>
      shown(
        await server().client.send(
          new CreateTermsCommand({ ...place, TermsName, TermsSource: 'LINK', Enforcement: 'NONE', ...over }),
        ),
      ),
    describe: async (UserPoolId: string, TermsId: string | undefined) =>
      shown(await server().client.send(new DescribeTermsCommand({ UserPoolId, TermsId }))),
    ofClient: async (place: Place, TermsName: string) =>
      shown(await server().client.send(new DescribeTermsByClientCommand({ ...place, TermsName }))),
    update: async (
      UserPoolId: string,
      TermsId: string | undefined,
      changes: Partial<UpdateTermsCommandInput> = {},
    ) => shown(await server().client.send(new UpdateTermsCommand({ UserPoolId, TermsId, ...changes }))),
    remove: (UserPoolId: string, TermsId: string | undefined) =>
      server().client.send(new DeleteTermsCommand({ UserPoolId, TermsId })),
    list: (UserPoolId: string, page: { MaxResults?: number; NextToken?: string | undefined } = {}) =>
      server().client.send(new ListTermsCommand({ UserPoolId, ...page })),
  }
}

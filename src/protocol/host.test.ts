import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regionOfHost } from './host.ts'

const rows: readonly (readonly [host: string | undefined, region: string | undefined])[] = [
  ['cognito-idp.us-west-2.amazonaws.com', 'us-west-2'],
  ['Cognito-IDP.EU-central-1.amazonaws.com', 'eu-central-1'],
  ['cognito-idp-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['cognito-idp.ap-south-1.api.aws', 'ap-south-1'],
  ['vpce-0a-b.cognito-idp.us-east-1.vpce.amazonaws.com', 'us-east-1'],
  ['cognito-idp.us-west-2.localhost:9229', 'us-west-2'],
  ['cognito-idp.us-west-2', 'us-west-2'],
  ['localhost:9229', undefined],
  ['127.0.0.1', undefined],
  ['cognito-idp.example.com', undefined],
  ['cognito-idp', undefined],
  ['us-west-2.cognito-idp.example.com', undefined],
  ['auth.us-west-2.amazoncognito.com', undefined],
  ['', undefined],
  [undefined, undefined],
]
for (const [host, region] of rows) {
  test(`the host ${host} tells ${region ?? 'no region'}`, () => {
    assert.equal(regionOfHost(host), region)
  })
}

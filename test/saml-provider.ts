/** A SAML 2.0 identity provider for tests. It signs what it is told to sign, right or wrong. */

import assert from 'node:assert/strict'
import {
  constants,
  createCipheriv,
  createHash,
  type KeyObject,
  publicEncrypt,
  X509Certificate,
} from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type {
  CreateUserPoolClientCommandInput,
  CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { SignedXml } from 'xml-crypto'
import { keyMaker } from '../src/adapters/key-maker.ts'
import type { Instant } from '../src/lib/instant.ts'
import { clientOf, type Place } from './accounts.ts'
import { createPool } from './fixtures.ts'
import type { TestServer } from './harness.ts'
import { authorizeUrl, type Browser, giveDomain, openClient } from './identity-provider.ts'
import { providersAt, samlDocument, samlKey, samlService } from './providers.ts'

/** The name of the provider as the pool has it. */
export const corp = 'Corp'
export const entityId = 'https://idp.example.com/entity'
export const signOnUrl = 'https://idp.example.com/sso?tenant=1'
export const consumerUrl = 'http://localhost:9229/saml2/idpresponse'
export const emailClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'

export interface Signer {
  readonly privateKey: KeyObject
  /** DER, in base64. */
  readonly certificate: string
}

export async function newSigner(): Promise<Signer> {
  const pair = await keyMaker.rsa()
  const from = Date.UTC(2026, 0, 1)
  const facts = { commonName: 'idp', serial: Buffer.alloc(16, 1), from, until: from + 3_600_000 }
  const der = await keyMaker.certify(pair, facts)
  return { privateKey: pair.privateKey, certificate: Buffer.from(der).toString('base64') }
}

export const metadataOf = (...signers: readonly Signer[]): string =>
  samlDocument(
    signers.map(({ certificate }) => samlKey(certificate)).join('') +
      samlService('SingleSignOnService', signOnUrl),
    entityId,
  )

/** A pool with a domain, and a client whose users may sign in at Corp. */
export async function samlPlace(
  server: TestServer,
  signers: readonly Signer[],
  input: {
    readonly pool?: Partial<CreateUserPoolCommandInput>
    readonly client?: Partial<CreateUserPoolClientCommandInput>
    readonly details?: Record<string, string>
    readonly mapping?: Record<string, string>
  } = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, { MfaConfiguration: 'OFF', ...input.pool })
  await giveDomain(server, UserPoolId)
  await providersAt(() => server).create(UserPoolId, corp, {
    ProviderType: 'SAML',
    ProviderDetails: { MetadataFile: metadataOf(...signers), ...input.details },
    AttributeMapping: input.mapping ?? { email: emailClaim, name: 'name' },
  })
  return clientOf(server, UserPoolId, {
    ...openClient,
    SupportedIdentityProviders: [corp],
    ...input.client,
  })
}

/** A request as the provider finds it in the address that the user comes with. */
export interface SamlRequestSeen {
  readonly url: URL
  readonly xml: string
  readonly id: string
  readonly relayState: string
}

export function requestSeen(url: URL): SamlRequestSeen {
  const message = Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')
  const xml = inflateRawSync(message).toString()
  const id = / ID="([^"]+)"/.exec(xml)?.[1] ?? assert.fail(xml)
  return { url, xml, id, relayState: url.searchParams.get('RelayState') ?? '' }
}

/** Sends the user to Corp. */
export const goToCorp = async (
  browser: Browser,
  place: Place,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<SamlRequestSeen> =>
  requestSeen(await browser.sentTo(authorizeUrl(place, { identity_provider: corp, ...parameters })))

/** What a response says; a value of undefined leaves its part out. */
export interface Said {
  readonly now: Instant
  readonly poolId: string
  readonly requestId: string | undefined
  readonly nameId?: string | undefined
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>
  readonly id?: string
  readonly issuer?: string
  readonly responseIssuer?: string | undefined
  readonly destination?: string | undefined
  readonly audience?: string | undefined
  readonly recipient?: string | undefined
  readonly responseTo?: string | undefined
  readonly confirmedTo?: string | undefined
  readonly issuedAt?: Instant
  readonly notBefore?: string | undefined
  readonly notOnOrAfter?: string | undefined
  readonly confirmedUntil?: string | undefined
  readonly method?: string
  readonly status?: string
  readonly version?: string
  /** XML as it stands in the assertion's conditions. */
  readonly condition?: string
  /** XML as it stands at the end of the assertion. */
  readonly more?: string
}

export const iso = (at: Instant): string => new Date(at).toISOString()
const minute = 60_000
let count = 0

const attribute = (name: string, value: string | undefined) =>
  value === undefined ? '' : ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`
const text = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** The assertion that Corp makes of it, in a response around it. Nothing is signed yet. */
export function responseOf(said: Said): string {
  count += 1
  const all = {
    nameId: 'ada',
    attributes: { [emailClaim]: 'ada@example.com', name: 'Ada' },
    id: `_a${count}`,
    issuer: entityId,
    responseIssuer: entityId,
    destination: consumerUrl,
    audience: `urn:amazon:cognito:sp:${said.poolId}`,
    recipient: consumerUrl,
    responseTo: said.requestId,
    confirmedTo: said.requestId,
    issuedAt: said.now,
    notBefore: iso(said.now - 5 * minute),
    notOnOrAfter: iso(said.now + 5 * minute),
    confirmedUntil: iso(said.now + 5 * minute),
    method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    status: '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>',
    version: '2.0',
    condition: '',
    more: '',
    ...said,
  }
  const confirmation = `<saml:SubjectConfirmation Method="${all.method}"><saml:SubjectConfirmationData${attribute('InResponseTo', all.confirmedTo)}${attribute('NotOnOrAfter', all.confirmedUntil)}${attribute('Recipient', all.recipient)}/></saml:SubjectConfirmation>`
  const audience =
    all.audience === undefined
      ? ''
      : `<saml:AudienceRestriction><saml:Audience> ${all.audience}\n</saml:Audience></saml:AudienceRestriction>`
  const attributes = Object.entries(all.attributes).map(
    ([name, values]) =>
      `<saml:Attribute${attribute('Name', name)}>${[values]
        .flat()
        .map(
          (value) =>
            `<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${text(value)}</saml:AttributeValue>`,
        )
        .join('')}</saml:Attribute>`,
  )
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r${count}" Version="${all.version}" IssueInstant="${iso(all.issuedAt)}"${attribute('Destination', all.destination)}${attribute('InResponseTo', all.responseTo)}>
${all.responseIssuer === undefined ? '' : `<saml:Issuer>${all.responseIssuer}</saml:Issuer>`}
<samlp:Status>${all.status}</samlp:Status>
<saml:Assertion ID="${all.id}" Version="2.0" IssueInstant="${iso(all.issuedAt)}">
  <saml:Issuer>${all.issuer}</saml:Issuer>
  <saml:Subject>${all.nameId === undefined ? '' : `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${all.nameId}</saml:NameID>`}${confirmation}</saml:Subject>
  <saml:Conditions${attribute('NotBefore', all.notBefore)}${attribute('NotOnOrAfter', all.notOnOrAfter)}>${audience}${all.condition}</saml:Conditions>
  <saml:AuthnStatement AuthnInstant="${iso(all.issuedAt)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>${all.more}
</saml:Assertion>
</samlp:Response>`
}

const ds = 'http://www.w3.org/2000/09/xmldsig#'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const sha256 = {
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
}
export const sha1 = { signature: `${ds}rsa-sha1`, digest: `${ds}sha1` }

/** Signs an element of a document, as providers do: the signature comes after its issuer. */
export function signed(
  xml: string,
  what: 'Assertion' | 'Response',
  signer: Signer,
  how: {
    readonly signature?: string
    readonly digest?: string
    readonly canonical?: string
    readonly prefixes?: string[]
  } = {},
): string {
  const { signature, digest, canonical, prefixes } = { ...sha256, canonical: exclusive, prefixes: [], ...how }
  const signing = new SignedXml({
    privateKey: signer.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: pem(signer.certificate),
    signatureAlgorithm: signature,
    canonicalizationAlgorithm: canonical as typeof exclusive,
  })
  const element = `//*[local-name(.)='${what}']`
  signing.addReference({
    xpath: element,
    digestAlgorithm: digest,
    transforms: [`${ds}enveloped-signature`, canonical],
    inclusiveNamespacesPrefixList: prefixes,
  })
  const issuer = `${element}/*[local-name(.)='Issuer']`
  signing.computeSignature(xml, { prefix: 'ds', location: { reference: issuer, action: 'after' } })
  return signing.getSignedXml()
}

export const pem = (der: string): string =>
  `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** The names of XML Encryption for how an assertion is encrypted. */
export interface Encryption {
  readonly cipher: 'aes128-cbc' | 'aes192-cbc' | 'aes256-cbc' | 'aes128-gcm' | 'aes192-gcm' | 'aes256-gcm'
  readonly key: 'rsa-oaep-mgf1p' | 'rsa-oaep' | 'rsa-1_5'
  readonly hash?: 'sha256' | 'sha512'
}

/** A document with its assertion encrypted for a certificate. */
export function encrypted(
  xml: string,
  certificate: string,
  how: Encryption = { cipher: 'aes256-cbc', key: 'rsa-oaep-mgf1p' },
  /** In the place of the assertion. */
  content?: string,
): string {
  const [assertion = ''] = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml) ?? []
  const standing =
    content ??
    assertion.replace('<saml:Assertion', '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"')
  const xenc = 'http://www.w3.org/2001/04/xmlenc#'
  const xenc11 = 'http://www.w3.org/2009/xmlenc11#'
  const key = createHash('sha256')
    .update(xml)
    .digest()
    .subarray(0, Number(how.cipher.slice(3, 6)) / 8)
  const isGcm = how.cipher.endsWith('gcm')
  const cipherName = `aes-${key.length * 8}-${isGcm ? 'gcm' : 'cbc'}`
  const iv = Buffer.alloc(isGcm ? 12 : 16, 7)
  const cipher = createCipheriv(cipherName as 'aes-256-gcm', key, iv)
  const sealed = Buffer.concat([iv, cipher.update(standing), cipher.final()])
  const text = isGcm ? Buffer.concat([sealed, cipher.getAuthTag()]) : sealed
  const sealedKey = publicEncrypt(
    {
      key: new X509Certificate(pem(certificate)).publicKey,
      padding: how.key === 'rsa-1_5' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING,
      ...(how.key !== 'rsa-1_5' && { oaepHash: how.hash ?? 'sha1' }),
    },
    key,
  )
  const hashes =
    how.hash === undefined
      ? `<ds:DigestMethod Algorithm="${ds}sha1"/>`
      : `<ds:DigestMethod Algorithm="${xenc}${how.hash}"/><xenc11:MGF xmlns:xenc11="${xenc11}" Algorithm="${xenc11}mgf1${how.hash}"/>`
  const element = `<saml:EncryptedAssertion><xenc:EncryptedData xmlns:xenc="${xenc}" xmlns:ds="${ds}" Type="${xenc}Element"><xenc:EncryptionMethod Algorithm="${isGcm ? xenc11 : xenc}${how.cipher}"/><ds:KeyInfo><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${how.key === 'rsa-oaep' ? xenc11 : xenc}${how.key}">${how.key === 'rsa-1_5' ? '' : hashes}</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>${sealedKey.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>${text.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`
  return xml.replace(assertion, () => element)
}

/** The form that the provider's page sends by the user's browser. */
export const formOf = (xml: string, relayState: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({
    SAMLResponse: Buffer.from(xml).toString('base64'),
    RelayState: relayState,
  }).toString(),
})

/** Brings a response back; returns where the browser is sent. */
export const bringBack = (browser: Browser, xml: string, relayState: string): Promise<URL> =>
  browser.sentTo('/saml2/idpresponse', formOf(xml, relayState))

/** The whole way of somebody at Corp, from the app and back to it. */
export async function comeBySaml(
  server: TestServer,
  browser: Browser,
  signer: Signer,
  place: Place,
  said: Partial<Said> = {},
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<URL> {
  const { id, relayState } = await goToCorp(browser, place, parameters)
  const xml = responseOf({ now: server.clock.now, poolId: place.UserPoolId, requestId: id, ...said })
  return bringBack(browser, signed(xml, 'Assertion', signer), relayState)
}

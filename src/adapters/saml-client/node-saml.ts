import { createSign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { getVerifiedXml, parseDomFromString, xpath } from '@node-saml/node-saml/lib/xml.js'
import type { Element } from '@xmldom/xmldom'
import { escapeHtml } from '../../lib/html.ts'
import { type SamlClient, type SamlProvider, SamlRefusal, type SamlRequest } from '../../ports/saml-client.ts'
import { assertionIn, envelopeIn } from './assertion.ts'
import { decrypted } from './decrypt.ts'
import {
  assertionNamespace,
  below,
  childrenOf,
  isNamed,
  parse,
  protocolNamespace,
  refuse,
  signatureNamespace,
} from './xml.ts'

/**
 * The service provider, on node-saml's verification of signatures: that hands over the bytes which are signed, and nothing
 * else of a signed element is read. Of the library's other parts none is used: they go by the machine's clock, and take
 * SHA-1.
 */
export const nodeSaml: SamlClient = {
  async authorizationUrl({ signOnUrl, signingKey }, request) {
    const message = deflateRawSync(authnRequest(signOnUrl, request)).toString('base64')
    const query = new URLSearchParams({ SAMLRequest: message, RelayState: request.relayState })
    if (signingKey !== undefined) {
      query.set('SigAlg', rsaSha256)
      // The signature is of the query's text, to the letter (saml-bindings, 3.4.4.1).
      query.set('Signature', createSign('sha256').update(`${query}`).sign(signingKey, 'base64'))
    }
    return `${signOnUrl}${signOnUrl.includes('?') ? '&' : '?'}${query}`
  },

  async read(provider, response) {
    const xml = decoded(response)
    const root = parse(xml)
    if (!isNamed(root, protocolNamespace, 'Response')) refuse('The SAML response is none.')
    const whole = await signed(xml, root, provider)
    const envelope = envelopeIn(whole ?? root)
    const [text, assertion] = assertionOf(provider, xml, whole ?? root)
    const own = whole === undefined ? await signed(text, assertion, provider) : assertion
    return { ...envelope, assertion: assertionIn(own ?? refuse(badSignature)) }
  },
}

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** What a signature may be made of: what the library knows, without SHA-1. */
const strong: ReadonlySet<string> = new Set([
  rsaSha256,
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
])

/** AWS's (aws-sdk-js-v3#6201). */
const badSignature = 'SAML Assertion signature is invalid.'

/** In characters of base64. Source: developer guide, "The IdP SAML assertion endpoint". */
const longest = 100_000

function authnRequest(destination: string, request: SamlRequest): string {
  const { id, issuer, consumerUrl, forceAuthn, issuedAt } = request
  const attributes = Object.entries({
    ID: id,
    Version: '2.0',
    IssueInstant: new Date(issuedAt).toISOString(),
    Destination: destination,
    ...(forceAuthn && { ForceAuthn: 'true' }),
    ProtocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
    AssertionConsumerServiceURL: consumerUrl,
  }).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
  return `<samlp:AuthnRequest xmlns:samlp="${protocolNamespace}"${attributes.join('')}><saml:Issuer xmlns:saml="${assertionNamespace}">${escapeHtml(issuer)}</saml:Issuer></samlp:AuthnRequest>`
}

function decoded(response: string): string {
  if (response.length > longest) refuse(`The SAML response is longer than ${longest} characters.`)
  const base64 = response.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) refuse('The SAML response is not base64.')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
    // As XML has it, and as signatures are made over it.
    return text.replace(/\r\n?/g, '\n').trim()
  } catch (error) {
    throw new SamlRefusal('The SAML response is not UTF-8.', { cause: error })
  }
}

/** The only assertion of a response, and the text that it stands in: its own, where it was encrypted. */
function assertionOf(provider: SamlProvider, xml: string, response: Element): readonly [string, Element] {
  const plain = childrenOf(response, assertionNamespace, 'Assertion')
  const encrypted = childrenOf(response, assertionNamespace, 'EncryptedAssertion')
  const [assertion, ...others] = [...plain, ...encrypted]
  if (assertion === undefined) refuse('The SAML response has no assertion.')
  if (others.length > 0) refuse('The SAML response has more than one assertion.')
  const { decryptionKey } = provider
  if (decryptionKey === undefined) {
    if (encrypted.length > 0) refuse('The assertion is encrypted.')
    return [xml, assertion]
  }
  // Source: the guide, "Things to know about SAML IdPs".
  if (plain.length > 0) refuse('The assertion is not encrypted.')
  try {
    const text = decrypted(assertion, decryptionKey)
    const root = parse(text)
    if (isNamed(root, assertionNamespace, 'Assertion')) return [text, root]
  } catch (error) {
    // In the words of a signature that is wrong: no two ways of failing may be told apart, or they open what is sealed.
    throw new SamlRefusal(badSignature, { cause: error })
  }
  return refuse(badSignature)
}

/**
 * An element as the provider has signed it: the root of a text, or the assertion right below. Nothing where it bears no
 * signature; one that it bears must be good. Only a signature right below its element is looked for, and the keys that it
 * brings along are not looked at.
 * @throws SamlRefusal
 */
async function signed(
  xml: string,
  element: Element,
  { certificates }: SamlProvider,
): Promise<Element | undefined> {
  const [signature] = childrenOf(element, signatureNamespace, 'Signature')
  if (signature === undefined) return undefined
  const methods = ['SignatureMethod', 'DigestMethod'].flatMap((name) => below(signature, '*', name))
  if (!methods.every((method) => strong.has(method.getAttribute('Algorithm') ?? ''))) refuse(badSignature)
  const prefixes = below(signature, '*', 'InclusiveNamespaces').map(
    (one) => one.getAttribute('PrefixList') ?? '',
  )
  if (prefixes.join().length > longestPrefixes) refuse(badSignature)
  const isRoot = element.ownerDocument?.documentElement === element
  const bytes = await verified(xml, isRoot ? '/*' : `/*/*[local-name()='Assertion']`, certificates.map(pem))
  const root = parse(bytes)
  return isNamed(root, element.namespaceURI ?? '', element.localName ?? '') ? root : refuse(badSignature)
}

/** In characters: each of them is looked for in every element. */
const longestPrefixes = 500

/** The bytes that are signed of the only element at a path. */
async function verified(xml: string, path: string, certificates: string[]): Promise<string> {
  try {
    // Of the library's own parser: to its other parts, elements of a newer one are a matter of minutes.
    const [element, ...others] = xpath.selectElements(await parseDomFromString(xml), path)
    const bytes = others.length === 0 ? getVerifiedXml(xml, element, certificates) : null
    if (bytes !== null) return bytes
  } catch (error) {
    throw new SamlRefusal(badSignature, { cause: error })
  }
  return refuse(badSignature)
}

const pem = (der: string): string =>
  `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

import { X509Certificate } from 'node:crypto'
import { DOMParser, type Element } from '@xmldom/xmldom'
import { Fault } from '../domain/faults.ts'
import type { SamlParty } from '../domain/identity-provider.ts'

/** What a pool needs to know of a SAML provider. */
export interface SamlMetadata extends SamlParty {
  readonly signOnUrl: string
  readonly signOutUrl?: string
}

const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata'
const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'
const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/**
 * Reads the metadata of one identity provider. Nothing is expanded and nothing fetched: a document with a DTD is refused
 * unread, and there are no entities but the five of XML itself.
 * @throws Fault InvalidParameter
 */
export function readSamlMetadata(xml: string): SamlMetadata {
  const root = parse(xml)
  const entities =
    root.localName === 'EntityDescriptor' ? [root] : below(root, metadataNamespace, 'EntityDescriptor')
  const [provider, ...others] = entities.flatMap((entity) =>
    below(entity, metadataNamespace, 'IDPSSODescriptor').map((descriptor) => ({ entity, descriptor })),
  )
  const entityId = provider?.entity.getAttribute('entityID')
  // ours
  if (provider === undefined || !entityId) refuse('No identity provider found in metadata.')
  if (others.length > 0) refuse('More than one identity provider found in metadata.')
  const signOnUrl = redirectTo(provider.descriptor, 'SingleSignOnService')
  // In the words of dummyidp#10.
  if (signOnUrl === undefined) refuse('No SingleSignOn Http redirect binding location found in metadata.')
  const signOutUrl = redirectTo(provider.descriptor, 'SingleLogoutService')
  const certificates = signingCertificates(provider.descriptor)
  // ours: nothing that this provider says could be believed
  if (certificates.length === 0) refuse('No signing certificate found in metadata.')
  return { entityId, signOnUrl, certificates, ...(signOutUrl !== undefined && { signOutUrl }) }
}

function parse(xml: string): Element {
  // In the words of mocksaml#103.
  const unreadable = 'Unable to unmarshall metadata'
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) refuse(unreadable)
  try {
    const strict = new DOMParser({
      onError: (_level, reason) => {
        throw new Error(reason)
      },
    })
    const root = strict.parseFromString(xml.replace(/^\uFEFF/, '').trim(), 'text/xml').documentElement
    if (root?.namespaceURI === metadataNamespace) return root
  } catch {
    // Not XML, whatever is wrong with it.
  }
  return refuse(unreadable)
}

const below = (element: Element, namespace: string, name: string): Element[] =>
  Array.from(element.getElementsByTagNameNS(namespace, name))

/** Where a browser is sent with a redirect, for a service of the provider. */
function redirectTo(descriptor: Element, service: string): string | undefined {
  return below(descriptor, metadataNamespace, service)
    .filter((endpoint) => endpoint.getAttribute('Binding') === redirectBinding)
    .map((endpoint) => endpoint.getAttribute('Location') ?? '')
    .find((location) => /^https?:$/.test(URL.parse(location)?.protocol ?? ''))
}

/** A key without a use is for signing too. @throws Fault InvalidParameter */
function signingCertificates(descriptor: Element): string[] {
  return below(descriptor, metadataNamespace, 'KeyDescriptor')
    .filter((key) => (key.getAttribute('use') || 'signing') === 'signing')
    .flatMap((key) => below(key, signatureNamespace, 'X509Certificate'))
    .map(({ textContent }) => {
      const der = Buffer.from(textContent ?? '', 'base64')
      try {
        return new X509Certificate(der).raw.toString('base64')
      } catch {
        // ours
        return refuse('A certificate in metadata cannot be read.')
      }
    })
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}

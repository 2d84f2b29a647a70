import { DOMParser, type Element } from '@xmldom/xmldom'
import { SamlRefusal } from '../../ports/saml-client.ts'

export const assertionNamespace = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const protocolNamespace = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'
export const encryptionNamespace = 'http://www.w3.org/2001/04/xmlenc#'

/** In levels. Responses have about ten; what goes down them calls itself. */
const deepest = 40

/**
 * In elements, attributes, texts and the like: a thousand groups are two thousand. Whoever verifies signatures looks at each
 * of them many times, and would spend seconds on all that a response has room for.
 */
const mostNodes = 3000

/**
 * The root of a document. Nothing is expanded and nothing fetched: one with a DTD is refused unread, and there are no
 * entities but the five of XML itself.
 * @throws SamlRefusal for what is not XML, to the letter
 */
export function parse(xml: string): Element {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) refuse('The SAML response has a document type.')
  const root = strictly(xml)
  let nodes = 0
  let level = [root]
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepest) refuse('The SAML response is nested too deeply.')
    for (const { childNodes, attributes } of level) nodes += childNodes.length + attributes.length
    if (nodes > mostNodes) refuse('The SAML response has too many parts.')
    level = level.flatMap(elementsIn)
  }
  return root
}

function strictly(xml: string): Element {
  const strict = new DOMParser({
    onError: (_level, reason) => {
      throw new Error(reason)
    },
  })
  try {
    const root = strict.parseFromString(xml, 'text/xml').documentElement
    if (root !== null) return root
  } catch (error) {
    throw new SamlRefusal('The SAML response is not XML.', { cause: error })
  }
  return refuse('The SAML response is not XML.')
}

export const elementsIn = (element: Element): Element[] =>
  Array.from(element.childNodes).filter((node): node is Element => node.nodeType === node.ELEMENT_NODE)

export const isNamed = (element: Element, namespace: string, name: string): boolean =>
  element.namespaceURI === namespace && element.localName === name

/** The children of a name, and no grandchildren. */
export const childrenOf = (element: Element, namespace: string, name: string): Element[] =>
  elementsIn(element).filter((child) => isNamed(child, namespace, name))

/** All of a name below an element. */
export const below = (element: Element, namespace: string, name: string): Element[] =>
  Array.from(element.getElementsByTagNameNS(namespace, name))

/** The one of a name, where there may be one. @throws SamlRefusal where there are more */
export function childOf(element: Element, namespace: string, name: string): Element | undefined {
  const [child, ...others] = childrenOf(element, namespace, name)
  if (others.length > 0) refuse(`The SAML response has more than one ${name}.`)
  return child
}

/** All text inside, as it stands: where a comment splits it, its halves together. */
export const textOf = (element: Element): string => element.textContent ?? ''

/** A text around which white space means nothing: `xs:anyURI`. */
export const uriIn = (element: Element): string => textOf(element).trim()

export function refuse(text: string): never {
  throw new SamlRefusal(text)
}

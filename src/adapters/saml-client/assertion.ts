import type { Element } from '@xmldom/xmldom'
import { joined, type SamlAssertion, type SamlResponse } from '../../domain/saml.ts'
import { defined } from '../../lib/defined.ts'
import type { Instant } from '../../lib/instant.ts'
import { instantFromIso } from '../../lib/iso-date.ts'
import {
  assertionNamespace,
  childOf,
  childrenOf,
  elementsIn,
  protocolNamespace,
  refuse,
  textOf,
  uriIn,
} from './xml.ts'

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/** What is understood of what narrows an assertion. Of anything else nobody can say that it holds (saml-core, 2.5.1.1). */
const conditions: ReadonlySet<string> = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'])

/** What is around an assertion. @throws SamlRefusal where the provider says that nobody has signed in */
export function envelopeIn(response: Element): Omit<SamlResponse, 'assertion'> {
  mustBeSaml2(response)
  const status = the(response, 'Status', protocolNamespace)
  const code = the(status, 'StatusCode', protocolNamespace)
  if (code.getAttribute('Value') !== success) {
    const why = childOf(code, protocolNamespace, 'StatusCode') ?? code
    // Its last word, where it is a word: the response may be anybody's.
    const [word = 'unknown'] = /[A-Za-z]{1,40}$/.exec(why.getAttribute('Value') ?? '') ?? []
    refuse(`The identity provider answered with the status ${word}.`)
  }
  const issuer = childOf(response, assertionNamespace, 'Issuer')
  return defined({
    issuer: issuer && uriIn(issuer),
    destination: attributeOf(response, 'Destination'),
    inResponseTo: attributeOf(response, 'InResponseTo'),
  })
}

/** What an assertion says. @throws SamlRefusal for one that lacks what every assertion has */
export function assertionIn(assertion: Element): SamlAssertion {
  mustBeSaml2(assertion)
  const narrowed = childOf(assertion, assertionNamespace, 'Conditions')
  const strange = narrowed && elementsIn(narrowed).find(({ localName }) => !conditions.has(localName ?? ''))
  if (strange !== undefined) refuse(`The condition ${strange.localName} is not understood.`)
  const subject = the(assertion, 'Subject')
  return {
    id: attributeOf(assertion, 'ID') || refuse('The assertion has no ID.'),
    issuer: uriIn(the(assertion, 'Issuer')),
    issuedAt: instantOf(assertion, 'IssueInstant') ?? refuse('The assertion has no IssueInstant.'),
    nameId: textOf(the(subject, 'NameID')).trim() || refuse('The NameID is empty.'),
    audiences: narrowed
      ? all(narrowed, 'AudienceRestriction').map((one) => all(one, 'Audience').map(uriIn))
      : [],
    ...(narrowed && windowOf(narrowed)),
    bearers: all(subject, 'SubjectConfirmation')
      .filter((confirmation) => confirmation.getAttribute('Method') === bearer)
      .flatMap((confirmation) => all(confirmation, 'SubjectConfirmationData'))
      .map((data) => ({
        ...windowOf(data),
        ...defined({
          recipient: attributeOf(data, 'Recipient'),
          inResponseTo: attributeOf(data, 'InResponseTo'),
        }),
      })),
    attributes: attributesIn(assertion),
  }
}

/** By the names that the provider gives them. One without a value says nothing. */
function attributesIn(assertion: Element): Record<string, string> {
  const values = new Map<string, string[]>()
  const attributes = all(assertion, 'AttributeStatement').flatMap((statement) => all(statement, 'Attribute'))
  for (const attribute of attributes) {
    const name = attributeOf(attribute, 'Name') || refuse('An attribute has no name.')
    values.set(name, [...(values.get(name) ?? []), ...all(attribute, 'AttributeValue').map(textOf)])
  }
  const given = [...values].filter(([, texts]) => texts.length > 0)
  return Object.fromEntries(given.map(([name, texts]) => [name, joined(texts)]))
}

const windowOf = (element: Element) =>
  defined({
    notBefore: instantOf(element, 'NotBefore'),
    notOnOrAfter: instantOf(element, 'NotOnOrAfter'),
  })

function instantOf(element: Element, name: string): Instant | undefined {
  const text = attributeOf(element, name)
  if (text === undefined) return undefined
  return instantFromIso(text) ?? refuse(`${name} is no time.`)
}

function mustBeSaml2(element: Element): void {
  if (element.getAttribute('Version') !== '2.0') refuse('The SAML response is not of version 2.0.')
}

const attributeOf = (element: Element, name: string): string | undefined =>
  element.getAttribute(name) ?? undefined

const all = (element: Element, name: string): Element[] => childrenOf(element, assertionNamespace, name)

function the(element: Element, name: string, namespace = assertionNamespace): Element {
  return childOf(element, namespace, name) ?? refuse(`The SAML response has no ${name}.`)
}

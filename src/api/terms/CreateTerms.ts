import { checkLinks, mustOfferTerms } from '../../domain/terms.ts'
import { createTerms } from '../../flows/terms.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { Enforcement, Links, shownTerms, Terms, TermsName, TermsSource } from './shapes.ts'

export default operation('CreateTerms', {
  doc: "Names where an app client's terms of use, or its privacy policy, can be read, by language.",
  access: iamOnClient,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId: required(ClientId),
    TermsName: required(TermsName),
    TermsSource: required(TermsSource),
    Enforcement: required(Enforcement),
    Links,
  }),
  output: struct({ Terms }),
  faults: ['FeatureUnavailableInTier', 'InvalidParameter', 'TermsExist', 'TooMany'],
  differs:
    'Assumed: every text, the refusal of a Lite pool, and that a link is an HTTPS URL or one of the machine itself. No page shows the links before managed login does.',
  async run({ pool, client, input, store, random, now }) {
    mustOfferTerms(pool)
    const terms = {
      poolId: pool.id,
      id: random.uuid(),
      clientId: client.id,
      name: input.TermsName,
      links: checkLinks(input.Links),
      createdAt: now,
      modifiedAt: now,
      version: 1,
    }
    await createTerms(store, terms)
    return { Terms: shownTerms(terms) }
  },
})

import { checkLinks, mustOfferTerms } from '../../domain/terms.ts'
import { saveTerms } from '../../flows/terms.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnTerms } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Enforcement, Links, shownTerms, Terms, TermsId, TermsName, TermsSource } from './shapes.ts'

export default operation('UpdateTerms', {
  doc: 'Changes the name or the links of terms documents; the links that are given take the place of all.',
  access: iamOnTerms,
  input: struct({
    TermsId: required(TermsId),
    UserPoolId: required(UserPoolId),
    TermsName,
    TermsSource,
    Enforcement,
    Links,
  }),
  output: struct({ Terms }),
  faults: ['FeatureUnavailableInTier', 'InvalidParameter', 'TermsExist'],
  differs: 'As in CreateTerms. Assumed as well: that links are replaced and not merged.',
  async run({ pool, terms, input, store, now }) {
    mustOfferTerms(pool)
    const updated = {
      ...terms,
      name: input.TermsName ?? terms.name,
      links: input.Links === undefined ? terms.links : checkLinks(input.Links),
      modifiedAt: now,
    }
    await saveTerms(store, terms, updated)
    return { Terms: shownTerms(updated) }
  },
})

import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnTerms } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { shownTerms, Terms, TermsId } from './shapes.ts'

export default operation('DescribeTerms', {
  doc: 'Shows terms documents by their id.',
  access: iamOnTerms,
  input: struct({ TermsId: required(TermsId), UserPoolId: required(UserPoolId) }),
  output: struct({ Terms }),
  faults: [],
  differs: 'The text for terms that are not there is assumed.',
  async run({ terms }) {
    return { Terms: shownTerms(terms) }
  },
})

import { Fault } from '../../domain/faults.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnTerms } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { TermsId } from './shapes.ts'

export default operation('DeleteTerms', {
  doc: 'Deletes terms documents.',
  access: iamOnTerms,
  input: struct({ TermsId: required(TermsId), UserPoolId: required(UserPoolId) }),
  output: Nothing,
  faults: [],
  differs: 'The text for terms that are not there is assumed.',
  async run({ pool, terms, store }) {
    if (!(await store.terms.delete(pool.id, terms.id))) throw new Fault('TermsNotFound')
    return {}
  },
})

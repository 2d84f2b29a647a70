import { Fault } from '../../domain/faults.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, Text, UserPoolId } from '../shapes.ts'
import { shownTerms, Terms } from './shapes.ts'

export default operation('DescribeTermsByClient', {
  doc: 'Shows terms documents by their app client and name. In policies its action is DescribeTerms.',
  access: iamOnClient,
  input: struct({
    ClientId: required(ClientId),
    UserPoolId: required(UserPoolId),
    TermsName: required(Text),
  }),
  output: struct({ Terms }),
  faults: ['TermsOfClientNotFound'],
  differs: 'The text for terms that are not there is assumed, and a name that no terms have is one of these.',
  async run({ pool, client, input, store }) {
    const terms = await store.terms.findOfClient(pool.id, client.id, input.TermsName)
    if (terms === undefined) throw new Fault('TermsOfClientNotFound', input.TermsName, client.id)
    return { Terms: shownTerms(terms) }
  },
})

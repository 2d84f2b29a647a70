import { certificateOf } from '../../flows/certificates.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Text, UserPoolId } from '../shapes.ts'

export default operation('GetSigningCertificate', {
  doc: 'Shows the certificate under which a pool signs its SAML requests, made when it is first asked for and valid for ten years.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: struct({ Certificate: Text }),
  faults: [],
  differs: 'A certificate is not renewed every year.',
  async run({ pool, now, ...app }) {
    const { certificate } = await certificateOf(app, pool, 'signing', now)
    return { Certificate: certificate }
  },
})

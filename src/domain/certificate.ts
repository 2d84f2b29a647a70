import type { UserPoolId } from './ids.ts'

/** A pool signs its SAML requests under one and lets providers encrypt their assertions for the other. */
export type CertificateUse = 'signing' | 'encryption'

export interface Certificate {
  readonly poolId: UserPoolId
  readonly use: CertificateUse
  /** DER, in base64. */
  readonly certificate: string
  /** PKCS #8 DER, sealed. */
  readonly sealedPrivateKey: string
}

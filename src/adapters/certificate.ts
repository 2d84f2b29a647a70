import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { AsnConvert } from '@peculiar/asn1-schema'
import * as asn1 from '@peculiar/asn1-x509'
import type { CertificateFacts } from '../ports/key-maker.ts'

const signAsync = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('RSA-SHA256', data, key, done),
)

/** A self-signed X.509 certificate, version 3 and without extensions, as DER. */
export async function selfSigned(
  pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  { commonName, serial, from, until }: CertificateFacts,
): Promise<Uint8Array> {
  const nameOf = (text: string) =>
    new asn1.Name([
      new asn1.RelativeDistinguishedName([
        new asn1.AttributeTypeAndValue({
          type: '2.5.4.3',
          value: new asn1.AttributeValue({ utf8String: text }),
        }),
      ]),
    ])
  const rsaSha256 = new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null })
  const tbsCertificate = new asn1.TBSCertificate({
    version: asn1.Version.v3,
    // A serial number is positive, and its first byte is not zero.
    serialNumber: Uint8Array.from([1, ...serial]).buffer,
    signature: rsaSha256,
    issuer: nameOf(commonName),
    subject: nameOf(commonName),
    validity: new asn1.Validity({ notBefore: new Date(from), notAfter: new Date(until) }),
    subjectPublicKeyInfo: AsnConvert.parse(
      pair.publicKey.export({ type: 'spki', format: 'der' }),
      asn1.SubjectPublicKeyInfo,
    ),
  })
  const signature = await signAsync(Buffer.from(AsnConvert.serialize(tbsCertificate)), pair.privateKey)
  const certificate = new asn1.Certificate({
    tbsCertificate,
    signatureAlgorithm: rsaSha256,
    signatureValue: Uint8Array.from(signature).buffer,
  })
  return new Uint8Array(AsnConvert.serialize(certificate))
}

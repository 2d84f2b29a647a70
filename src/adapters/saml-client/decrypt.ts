import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto'
import type { Element } from '@xmldom/xmldom'
import { below, childOf, encryptionNamespace, signatureNamespace, textOf } from './xml.ts'

const version11 = 'http://www.w3.org/2009/xmlenc11#'

/** How content may be encrypted, by the names of XML Encryption 1.1. */
const cbc: Readonly<Record<string, string>> = {
  [`${encryptionNamespace}aes128-cbc`]: 'aes-128-cbc',
  [`${encryptionNamespace}aes192-cbc`]: 'aes-192-cbc',
  [`${encryptionNamespace}aes256-cbc`]: 'aes-256-cbc',
}
const gcm: Readonly<Record<string, 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm'>> = {
  [`${version11}aes128-gcm`]: 'aes-128-gcm',
  [`${version11}aes192-gcm`]: 'aes-192-gcm',
  [`${version11}aes256-gcm`]: 'aes-256-gcm',
}

/** How the key to it may be: by RSA with OAEP. The padding of PKCS #1 1.5 tells too much to whoever tries. */
const oaep: ReadonlySet<string> = new Set([`${encryptionNamespace}rsa-oaep-mgf1p`, `${version11}rsa-oaep`])

const digests: Readonly<Record<string, string>> = {
  [`${signatureNamespace}sha1`]: 'sha1',
  [`${encryptionNamespace}sha256`]: 'sha256',
  [`${encryptionNamespace}sha512`]: 'sha512',
}
const masks: Readonly<Record<string, string>> = {
  [`${version11}mgf1sha1`]: 'sha1',
  [`${version11}mgf1sha256`]: 'sha256',
  [`${version11}mgf1sha512`]: 'sha512',
}

/**
 * What an EncryptedAssertion holds: nobody has vouched for it yet.
 * @throws Error whatever is wrong, which is for nobody to know: whoever tries and is told opens it bit by bit
 */
export function decrypted(encrypted: Element, privateKey: KeyObject): string {
  const [data, ...otherData] = below(encrypted, encryptionNamespace, 'EncryptedData')
  const [sealed, ...otherKeys] = below(encrypted, encryptionNamespace, 'EncryptedKey')
  if (!data || !sealed || otherData.length + otherKeys.length > 0) throw new Error('not one text and one key')
  const { RSA_PKCS1_OAEP_PADDING: padding } = constants
  const key = privateDecrypt({ key: privateKey, padding, oaepHash: oaepHash(sealed) }, bytesIn(sealed))
  return new TextDecoder('utf-8', { fatal: true }).decode(content(data, key))
}

function content(data: Element, key: Buffer): Buffer {
  const algorithm = algorithmOf(methodOf(data))
  const bytes = bytesIn(data)
  const authenticated = gcm[algorithm]
  if (authenticated !== undefined) {
    const decipher = createDecipheriv(authenticated, key, bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
  }
  const cipher = cbc[algorithm]
  if (cipher === undefined) throw new Error('text encrypted in a way that is not known')
  const decipher = createDecipheriv(cipher, key, bytes.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()])
  // Of the padding only the last byte says anything (XML Encryption 1.1, 5.2).
  const length = padded.at(-1) ?? 0
  if (length < 1 || length > 16) throw new Error('text without padding')
  return padded.subarray(0, -length)
}

/** The hash of OAEP and that of its mask, which are one to Node. */
function oaepHash(sealed: Element): string {
  const method = methodOf(sealed)
  const digest = childOf(method, signatureNamespace, 'DigestMethod')
  const mask = childOf(method, version11, 'MGF')
  const hash = digest === undefined ? 'sha1' : digests[algorithmOf(digest)]
  const maskHash = mask === undefined ? 'sha1' : masks[algorithmOf(mask)]
  if (!oaep.has(algorithmOf(method)) || hash === undefined || hash !== maskHash)
    throw new Error('key encrypted in a way that is not known')
  return hash
}

function methodOf(element: Element): Element {
  const method = childOf(element, encryptionNamespace, 'EncryptionMethod')
  if (method === undefined) throw new Error('nothing says how it is encrypted')
  return method
}

const algorithmOf = (element: Element): string => element.getAttribute('Algorithm') ?? ''

function bytesIn(element: Element): Buffer {
  const data = childOf(element, encryptionNamespace, 'CipherData')
  const value = data && childOf(data, encryptionNamespace, 'CipherValue')
  if (value === undefined) throw new Error('nothing is encrypted')
  return Buffer.from(textOf(value), 'base64')
}

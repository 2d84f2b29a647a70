/** Identifiers are plain text with a brand, so that one kind is never handed in for another. */
export type UserPoolId = string & { readonly brand: 'UserPoolId' }
export type ClientId = string & { readonly brand: 'ClientId' }
/** A user's name as stored: as given, lower-cased in a case-insensitive pool, a UUID where attributes are the username. */
export type Username = string & { readonly brand: 'Username' }

/** `us-east-1` of `us-east-1_Abc123456`. */
export function regionOf(id: UserPoolId): string {
  return id.slice(0, id.lastIndexOf('_'))
}

export const regionForm = /^[a-z]{2,}(-[a-z]+)+-\d+$/
export const isRegion = (text: string): boolean => regionForm.test(text)

/** What follows the region: the name under which the pool goes into SRP. */
export function poolNameOf(id: UserPoolId): string {
  return id.slice(id.lastIndexOf('_') + 1)
}

/** Letters and digits that AWS uses in pool and client ids. */
export const poolIdAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
export const clientIdAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
export const clientSecretAlphabet = clientIdAlphabet

/** `bytes` written in an alphabet; rejection sampling keeps every letter equally likely. */
export function spell(alphabet: string, length: number, bytes: (count: number) => Uint8Array): string {
  const fair = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of bytes(length * 2)) {
      if (byte < fair && text.length < length) text += alphabet.charAt(byte % alphabet.length)
    }
  }
  return text
}

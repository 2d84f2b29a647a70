import { hash } from 'node:crypto'

/** SHA-256, hexadecimal: what the store keeps of a text that only its holder should know. */
export const digestOf = (text: string): string => hash('sha256', text)

/** Six digits have few values; the salt makes the same code look different in every row. */
export const codeDigestOf = (salt: string, code: string): string => digestOf(`${salt} ${code}`)

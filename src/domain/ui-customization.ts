import type { Instant } from '../lib/instant.ts'
import { stampOf } from '../lib/stamp.ts'
import { Fault } from './faults.ts'
import type { ClientId, UserPoolId } from './ids.ts'

/** How the classic pages look at an app client, or at all that have nothing of their own. */
export interface UiCustomization {
  readonly poolId: UserPoolId
  readonly clientId: ClientId | typeof everyClient
  readonly css?: string
  readonly image?: Logo
  readonly createdAt: Instant
  readonly modifiedAt: Instant
}

export const everyClient = 'ALL'

export interface Logo {
  readonly type: keyof typeof signatures
  readonly base64: string
}

/** Where the logo is, below the site: the path that AWS shows below its CloudFront distribution. */
export function logoPath({ poolId, clientId, image, modifiedAt }: UiCustomization): string | undefined {
  return image && `/${poolId}/${clientId}/${stampOf(modifiedAt)}/assets/images/image.${image.type}`
}

/** How files of these kinds begin, whatever their names say. */
const signatures = {
  png: ['89504e470d0a1a0a'],
  jpg: ['ffd8ff'],
  gif: [Buffer.from('GIF87a').toString('hex'), Buffer.from('GIF89a').toString('hex')],
} as const

/** 100 KB. Source: developer guide, "Customizing hosted UI (classic) branding". */
const largestLogo = 100 * 1024

/** The texts of refusals are ours, here and below. */
function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}

/** The logo in a file. @throws Fault InvalidParameter */
export function readLogo(file: Uint8Array): Logo {
  if (file.length > largestLogo) refuse('The image must be no larger than 100 KB.')
  const start = Buffer.from(file.subarray(0, 8)).toString('hex')
  const [type] = Object.entries(signatures).find(([_, all]) => all.some((one) => start.startsWith(one))) ?? []
  if (type === undefined) refuse('The image must be a PNG, JPEG or GIF file.')
  return { type: type as Logo['type'], base64: Buffer.from(file).toString('base64') }
}

/** Source: the same page of the guide. */
const selectors: ReadonlySet<string> = new Set([
  '.background-customizable',
  '.banner-customizable',
  '.errorMessage-customizable',
  '.idpButton-customizable',
  '.idpButton-customizable:hover',
  '.idpDescription-customizable',
  '.inputField-customizable',
  '.inputField-customizable:focus',
  '.label-customizable',
  '.legalText-customizable',
  '.logo-customizable',
  '.passwordCheck-valid-customizable',
  '.passwordCheck-notValid-customizable',
  '.redirect-customizable',
  '.socialButton-customizable',
  '.submitButton-customizable',
  '.submitButton-customizable:hover',
  '.textDescription-customizable',
])
/** What the guide bars from values, and what would end a style element. */
const barred = /@(?:import|supports|page|media)|javascript|<\/style/i

/**
 * Rules of the classes that can be customized, and of nothing else. A brace in a value, a string or a comment inside of
 * a rule counts as a brace here, so a browser never finds more rules than were looked at.
 * @throws Fault InvalidParameter
 */
export function checkCss(css: string): void {
  for (let at = ruleFrom(css, 0); at < css.length; ) {
    const open = css.indexOf('{', at)
    const close = css.indexOf('}', at)
    if (open < 0 || close < open || css.slice(open + 1, close).includes('{')) refuse('The CSS is malformed.')
    for (const selector of css.slice(at, open).split(',')) {
      const name = selector.trim()
      if (!selectors.has(name)) refuse(`The CSS selector ${name.slice(0, 100)} cannot be customized.`)
    }
    const [word] = barred.exec(css.slice(open, close)) ?? []
    if (word !== undefined) refuse(`The CSS must not contain ${word}.`)
    at = ruleFrom(css, close + 1)
  }
}

/** Where the next rule begins, behind blanks and comments. */
function ruleFrom(css: string, from: number): number {
  const blank = /[ \t\r\n\f]*/y
  for (let at = from; ; ) {
    blank.lastIndex = at
    blank.exec(css)
    at = blank.lastIndex
    if (!css.startsWith('/*', at)) return at
    const end = css.indexOf('*/', at + 2)
    if (end < 0) refuse('The CSS is malformed.')
    at = end + 2
  }
}

import { Fault } from './faults.ts'

/** Names for some of the four authentication levels that the `acr` claim can report. */
export type AcrConfiguration = Readonly<Record<string, { readonly AcrValue: string }>>

const standard: AcrConfiguration = {
  Level1: { AcrValue: 'urn:cognito:loa:1' },
  Level2: { AcrValue: 'urn:cognito:loa:2' },
  Level3: { AcrValue: 'urn:cognito:loa:3' },
  Level4: { AcrValue: 'urn:cognito:loa:4' },
}

/** All four levels, under the pool's own names where it has some. */
export function acrLevels(own: AcrConfiguration | undefined): AcrConfiguration {
  return { ...standard, ...own }
}

/** Whether a level is called differently than by default; the default names belong to every feature plan. */
export function namesAcrLevels(own: AcrConfiguration | undefined): boolean {
  return Object.entries(own ?? {}).some(([level, { AcrValue }]) => AcrValue !== standard[level]?.AcrValue)
}

/**
 * The rules of the developer guide ("Configuring ACR level names"); no capture of the texts is known.
 * @throws Fault InvalidParameter
 */
export function checkAcrLevels(own: AcrConfiguration): void {
  const refuse = (reason: string) => {
    throw new Fault('InvalidParameter', `Invalid AcrConfiguration. ${reason}`)
  }
  for (const [level, { AcrValue }] of Object.entries(own)) {
    if (!Object.hasOwn(standard, level)) refuse(`${level} is not one of Level1, Level2, Level3 and Level4.`)
    if (!/^[^\s"\\]{1,64}$/u.test(AcrValue)) {
      refuse(
        `The name of ${level} must have 1 to 64 characters, none of them a space, a quote or a backslash.`,
      )
    }
  }
  const names = Object.values(acrLevels(own)).map(({ AcrValue }) => AcrValue)
  if (new Set(names).size < names.length) refuse('Each level must have a name of its own.')
}

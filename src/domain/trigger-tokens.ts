import type { Json } from '../lib/json.ts'
import { type Output, type TextMap, UnrecognizableOutput } from './trigger-output.ts'

export type LambdaVersion = 'V1_0' | 'V2_0' | 'V3_0'

/** A user's groups, as PreTokenGeneration is told them and may answer. */
export interface GroupConfiguration {
  readonly groupsToOverride: readonly string[]
  readonly iamRolesToOverride: readonly string[]
  readonly preferredRole: string | null
}

export interface PreTokenGenerationFacts {
  readonly version: LambdaVersion
  readonly userAttributes: TextMap
  /** Null where a machine signs in. */
  readonly groupConfiguration: GroupConfiguration | null
  /** Sent from version 2 on. */
  readonly scopes: readonly string[]
  readonly clientMetadata?: TextMap | undefined
}

export interface ClaimOverrides {
  readonly addOrOverride: Readonly<Record<string, Json>>
  readonly suppress: readonly string[]
}

/** What PreTokenGeneration changes, whichever version answered: version 1 can change the ID token only. */
export interface TokenOverrides {
  readonly id: ClaimOverrides
  readonly access: ClaimOverrides & {
    readonly scopesToAdd: readonly string[]
    readonly scopesToSuppress: readonly string[]
  }
  /** Absent where the answer has none; a list that the answer left out is absent too. */
  readonly groups?: {
    readonly groupsToOverride?: readonly string[]
    readonly iamRolesToOverride?: readonly string[]
    readonly preferredRole?: string
  }
}

export const eventVersions: Record<LambdaVersion, string> = { V1_0: '1', V2_0: '2', V3_0: '3' }

export function preTokenRequest({
  version,
  userAttributes,
  groupConfiguration,
  scopes,
  clientMetadata,
}: PreTokenGenerationFacts) {
  return {
    userAttributes,
    groupConfiguration,
    ...(version !== 'V1_0' && { scopes }),
    ...(clientMetadata && { clientMetadata }),
  }
}

/** Null, as captured events of all three versions have it. */
export function preTokenResponse({ version }: PreTokenGenerationFacts) {
  return version === 'V1_0' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null }
}

/** @throws UnrecognizableOutput, also for a claim of version 1 that is no text */
export function tokenOverrides(response: Output, eventVersion: string): TokenOverrides {
  const overrides = eventVersion === eventVersions.V1_0 ? readFirst(response) : readLater(response)
  checkOverrides(overrides)
  return overrides
}

/** How many claims and scopes one answer may change, all in all. Source: developer guide, quotas. */
const mostChanges = 5000

function checkOverrides({ id, access }: TokenOverrides): void {
  const claims = [id, access].map(
    ({ addOrOverride, suppress }) => Object.keys(addOrOverride).length + suppress.length,
  )
  const scopes = access.scopesToAdd.length + access.scopesToSuppress.length
  if (claims.reduce((sum, count) => sum + count, scopes) > mostChanges) throw new UnrecognizableOutput()
}

const untouched: ClaimOverrides = { addOrOverride: {}, suppress: [] }

function readFirst(response: Output): TokenOverrides {
  const details = response.inner('claimsOverrideDetails')
  return {
    id: {
      addOrOverride: details?.textMap('claimsToAddOrOverride') ?? {},
      suppress: details?.texts('claimsToSuppress') ?? [],
    },
    access: { ...untouched, scopesToAdd: [], scopesToSuppress: [] },
    ...groupsOf(details),
  }
}

function readLater(response: Output): TokenOverrides {
  const details = response.inner('claimsAndScopeOverrideDetails')
  const access = details?.inner('accessTokenGeneration')
  return {
    id: claimsOf(details?.inner('idTokenGeneration')),
    access: {
      ...claimsOf(access),
      scopesToAdd: access?.texts('scopesToAdd') ?? [],
      scopesToSuppress: access?.texts('scopesToSuppress') ?? [],
    },
    ...groupsOf(details),
  }
}

function claimsOf(generation: Output | undefined): ClaimOverrides {
  if (generation === undefined) return untouched
  return {
    addOrOverride: generation.jsonMap('claimsToAddOrOverride') ?? {},
    suppress: generation.texts('claimsToSuppress') ?? [],
  }
}

function groupsOf(details: Output | undefined): Pick<TokenOverrides, 'groups'> {
  const given = details?.inner('groupOverrideDetails')
  if (given === undefined) return {}
  const groupsToOverride = given.texts('groupsToOverride')
  const iamRolesToOverride = given.texts('iamRolesToOverride')
  const preferredRole = given.text('preferredRole')
  return {
    groups: {
      ...(groupsToOverride && { groupsToOverride }),
      ...(iamRolesToOverride && { iamRolesToOverride }),
      ...(preferredRole !== undefined && { preferredRole }),
    },
  }
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type ModuleRunnerOptions, moduleRunner } from '../../src/adapters/triggers/module.ts'
import type { UserPoolId } from '../../src/domain/ids.ts'
import { triggerEvent } from '../../src/domain/trigger-event.ts'
import { TriggerFailed, TriggerUnreachable } from '../../src/ports/trigger-runner.ts'

export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`
export const occasion = { poolId: 'us-east-1_Abc123456' as UserPoolId, username: 'ada', clientId: 'client' }
export const signUp = (email = 'ada@example.com', clientMetadata?: Record<string, string>) =>
  triggerEvent('PreSignUp_SignUp', occasion, { userAttributes: { email }, clientMetadata })
export const failed = (message: string | RegExp) => (error: unknown) => {
  assert.ok(error instanceof TriggerFailed, String(error))
  if (typeof message === 'string') assert.equal(error.message, message)
  else assert.match(error.message, message)
  return true
}
export const unreachable = (reason: string) => (error: unknown) => {
  assert.ok(error instanceof TriggerUnreachable, String(error))
  assert.equal(error.reason, reason)
  return true
}

/** Functions by the name of their file, and how to call one. */
export function functions(
  t: TestContext,
  files: Record<string, string>,
  options: Partial<ModuleRunnerOptions> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'triggers-'))
  const put = (file: string, code: string) => writeFileSync(join(folder, file), code)
  for (const [file, code] of Object.entries(files)) put(file, code)
  const runner = moduleRunner({ folder, env: {}, ...options })
  t.after(async () => {
    await runner.close()
    rmSync(folder, { recursive: true })
  })
  return {
    folder,
    put,
    close: runner.close,
    run: (name: string, clientMetadata?: Record<string, string>) =>
      runner.run(arnOf(name), signUp(undefined, clientMetadata)),
    runArn: (arn: string) => runner.run(arn, signUp()),
  }
}

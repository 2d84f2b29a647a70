import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isLoopback, readConfig, settings, WrongSettings } from './config.ts'

const wrong = (flags: Record<string, unknown>, env: Record<string, string> = {}): string[] => {
  try {
    readConfig(flags, env)
  } catch (error) {
    assert.ok(error instanceof WrongSettings)
    return error.message.split('\n').map((line) => line.split(':')[0] ?? '')
  }
  return []
}

describe('settings', () => {
  test('have defaults, all of them right', () => {
    const config = readConfig({}, {})
    assert.deepEqual(config, {
      port: 9229,
      host: '127.0.0.1',
      loopback: true,
      data: '.cognate',
      databaseUrl: undefined,
      keyFile: '.cognate/keys.json',
      region: 'us-east-1',
      accountId: '123456789012',
      publicUrl: undefined,
      issuer: 'own',
      iam: 'enforced',
      iamFile: undefined,
      compromisedPasswords: undefined,
      throttle: 'off',
      inbox: 'loopback',
      email: 'inbox:',
      sms: 'inbox:',
      mailFrom: 'no-reply@localhost',
      webhookSecret: undefined,
      kms: 'local:',
      poolLogs: 'off',
      outbound: { loopback: true, private: false },
      triggers: '.cognate/triggers',
      triggerMap: undefined,
      testClock: false,
      trail: [],
      logLevel: 'warn',
    })
  })

  test('are read from flags, then from the environment; what is empty there is not set', () => {
    const env = { COGNATE_PORT: '1', COGNATE_REGION: 'eu-west-1', COGNATE_HOST: '' }
    const { port, region, host } = readConfig({ port: '2' }, env)
    assert.deepEqual({ port, region, host }, { port: 2, region: 'eu-west-1', host: '127.0.0.1' })
  })

  test('let documents be read from this machine only where the server is for this machine only', () => {
    const outbound = (setting: string, host: string) =>
      readConfig({ 'outbound-private': setting, host }, {}).outbound
    for (const [setting, here, beyond] of [
      ['loopback', { loopback: true, private: false }, { loopback: false, private: false }],
      ['on', { loopback: true, private: true }, { loopback: true, private: true }],
      ['off', { loopback: false, private: false }, { loopback: false, private: false }],
    ] as const) {
      assert.deepEqual(outbound(setting, '127.0.0.1'), here)
      assert.deepEqual(outbound(setting, '0.0.0.0'), beyond)
    }
  })

  const cases: readonly [Record<string, unknown>, string[]][] = [
    [{ port: '-1' }, ['--port']],
    [{ port: '65536' }, ['--port']],
    [{ port: '1e3' }, ['--port']],
    [{ port: '' }, ['--port']],
    [{ host: 'a b' }, ['--host']],
    [{ region: 'moon' }, ['--region']],
    [{ 'account-id': '1234' }, ['--account-id']],
    [{ 'database-url': 'mysql://x', 'key-file': 'k' }, ['--database-url']],
    [{ 'public-url': 'ftp://x' }, ['--public-url']],
    [{ issuer: 'mine' }, ['--issuer']],
    [{ iam: 'maybe' }, ['--iam']],
    [{ inbox: 'open' }, ['--inbox']],
    [{ 'outbound-private': 'yes' }, ['--outbound-private']],
    [{ 'pool-logs': 'on' }, ['--pool-logs']],
    [{ 'pool-logs': 'aws:localhost' }, ['--pool-logs']],
    [{ 'pool-logs': 'aws:' }, []],
    [{ 'log-level': 'all' }, ['--log-level']],
    [{ 'database-url': 'postgres://x' }, ['--key-file']],
    [{ iam: 'off', host: '0.0.0.0' }, ['--iam=off']],
    [{ iam: 'off', host: '0.0.0.0', insist: true }, []],
    [{ iam: 'off', 'database-url': 'postgres://x', 'key-file': 'k' }, ['--iam=off']],
    [{ 'test-clock': true, host: '::' }, ['--test-clock']],
    [{ 'test-clock': true, host: '::', insist: true }, ['--test-clock']],
    // What is wrong by itself is not complained of twice.
    [{ iam: 'off', host: 'a b', 'test-clock': true }, ['--host']],
    [{ port: 'x', iam: 'off', host: '0.0.0.0' }, ['--port', '--iam=off']],
  ]
  for (const [flags, expected] of cases) {
    test(`${JSON.stringify(flags)}: ${expected.join(', ') || 'right'}`, () =>
      assert.deepEqual(wrong(flags), expected))
  }

  test('tell where they came from', () => {
    assert.deepEqual(wrong({ port: 'x' }, { COGNATE_PORT: 'y', COGNATE_IAM: 'z' }), ['--port', 'COGNATE_IAM'])
  })

  test('that hold secrets are not quoted', () => {
    const given = Object.fromEntries(settings.map(({ flag }) => [flag, 'postgres//me:hunter2@host']))
    assert.throws(
      () => readConfig(given, {}),
      ({ message }: Error) => !message.includes('hunter2'),
    )
  })
})

for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1']) {
  test(`${host} is loopback`, () => assert.equal(isLoopback(host), true))
}
for (const host of ['0.0.0.0', '::', '127.0.0.1.example', 'example', '10.0.0.1', '127.1']) {
  test(`${host} is not`, () => assert.equal(isLoopback(host), false))
}

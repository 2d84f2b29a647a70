import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { operationNames } from '../src/api/names.ts'
import { operations } from '../src/api/registry.ts'
import { createClient, createPool, createUser, password } from './fixtures.ts'
import { callRaw, startServer, type TestServer } from './harness.ts'
import { commonHeaders, contentType, frontEndError, prefix, request, serviceError, uuid } from './wire.ts'

describe('the wire', () => {
  let server: TestServer
  let UserPoolId: string
  let ClientId: string
  before(async () => {
    server = await startServer({ site: { iam: 'off' } })
    UserPoolId = await createPool(server)
    ClientId = (await createClient(server, UserPoolId)).ClientId
    await createUser(server, UserPoolId, 'ada')
  })
  after(() => server.stop())

  const call = (operation: string, input: object) => callRaw(server, operation, JSON.stringify(input))

  describe('an answer', () => {
    test('carries its headers and its output', async () => {
      const answer = await call('DescribeUserPool', { UserPoolId })
      commonHeaders(answer)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers['x-amzn-errortype'], undefined)
      assert.equal(JSON.parse(answer.body).UserPool.Id, UserPoolId)
    })

    test('that is empty is exactly two bytes', async () => {
      assert.equal((await call('AdminEnableUser', { UserPoolId, Username: 'ada' })).body, '{}')
    })

    test('has instants in seconds, with a fraction', async () => {
      server.clock.now = 1_529_780_954_263
      await call('AdminDisableUser', { UserPoolId, Username: 'ada' })
      const { body } = await call('AdminGetUser', { UserPoolId, Username: 'ada' })
      assert.match(body, /"UserLastModifiedDate":1529780954\.263[,}]/)
      await call('AdminEnableUser', { UserPoolId, Username: 'ada' })
    })

    test('is of its request alone', async () => {
      const answers = await Promise.all([1, 2, 3].map(() => call('DescribeUserPool', { UserPoolId })))
      assert.equal(new Set(answers.map(({ headers }) => headers['x-amzn-requestid'])).size, 3)
    })
  })

  describe('the front end refuses', () => {
    const bodies: [what: string, body: string | Uint8Array, message?: string][] = [
      ['no body', ''],
      ['no JSON', 'PoolName=a'],
      ['half of it', '{"UserPoolId":'],
      ['a comma too many', '{"UserPoolId":"a",}'],
      ['more after it', '{} {}'],
      ['bytes that are no text', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      ['null', 'null'],
      ['a string', '"UserPoolId"'],
      ['a number', '7'],
      ['true', 'true'],
      ['a list', '[]', 'Start of list found where not expected'],
      ['a list of something', '[{"UserPoolId":"a"}]', 'Start of list found where not expected'],
      ['a number for a text', '{"UserPoolId":7}', 'NUMBER_VALUE can not be converted to a String'],
      ['a list for a text', '{"UserPoolId":["a"]}', 'Start of list found where not expected'],
      ['a structure for a text', '{"UserPoolId":{}}', 'Start of structure or map found where not expected.'],
    ]
    for (const [what, body, message] of bodies) {
      test(`${what} for a body`, async () => {
        frontEndError(await callRaw(server, 'DescribeUserPool', body), 'SerializationException', message)
      })
    }

    test('a body too deep to be walked over, like any other', async () => {
      const deep = `${'{"Unknown":'.repeat(50_000)}1${'}'.repeat(50_000)}`
      assert.equal((await callRaw(server, 'DescribeUserPool', deep)).status, 400)
      frontEndError(await callRaw(server, 'DescribeUserPool', '['.repeat(500_000)), 'SerializationException')
    })

    const targets: [what: string, target: string | undefined][] = [
      ['no target', undefined],
      ['an empty target', ''],
      ['an operation that is none', `${prefix}DescribeEverything`],
      ['the operation in lower case', `${prefix}describeuserpool`],
      ['the service in lower case', `${prefix.toLowerCase()}DescribeUserPool`],
      ['no service', 'DescribeUserPool'],
      ['another service', 'AWSCognitoIdentityService.GetId'],
      ['the service alone', prefix],
      ['a name of every object', `${prefix}constructor`],
      ['the operation and a space', `${prefix}DescribeUserPool `],
    ]
    for (const [what, target] of targets) {
      test(what, async () => {
        const headers = {
          'content-type': contentType,
          ...(target !== undefined && { 'x-amz-target': target }),
        }
        const answer = await server.api(request('', JSON.stringify({ UserPoolId }), { headers }))
        frontEndError(answer, 'UnknownOperationException')
      })
    }

    test('an unknown operation before it reads the body', async () => {
      frontEndError(await callRaw(server, 'DescribeEverything', '{'), 'UnknownOperationException')
    })

    test('any method but POST', async () => {
      const answer = await server.api(request('DescribeUserPool', '{}', { method: 'PUT' }))
      frontEndError(answer, 'UnknownOperationException')
    })

    for (const type of [
      undefined,
      '',
      'application/json',
      'application/x-amz-json-1.0',
      'text/plain',
      `x${contentType}`,
    ]) {
      test(`content type ${type ?? 'missing'}`, async () => {
        const headers = {
          'x-amz-target': `${prefix}DescribeUserPool`,
          ...(type !== undefined && { 'content-type': type }),
        }
        const answer = await server.api(request('DescribeUserPool', '{}', { headers }))
        commonHeaders(answer, 'application/xml')
        assert.equal(answer.status, 404)
        assert.equal(answer.body, '<UnknownOperationException/>\n')
      })
    }

    for (const type of [`${contentType}; charset=utf-8`, 'Application/X-Amz-Json-1.1']) {
      test(`but not content type ${type}`, async () => {
        const headers = { 'content-type': type, 'x-amz-target': `${prefix}DescribeUserPool` }
        const answer = await server.api(request('', JSON.stringify({ UserPoolId }), { headers }))
        assert.equal(answer.status, 200)
      })
    }
  })

  describe('the service refuses', () => {
    test('with its own layer of errors', async () => {
      serviceError(
        await call('DescribeUserPool', { UserPoolId: 'us-east-1_Absent123' }),
        'ResourceNotFoundException',
        'User pool us-east-1_Absent123 does not exist.',
      )
      serviceError(
        await call('DescribeUserPool', {}),
        'InvalidParameterException',
        "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
      )
    })

    test('with a text that a header can carry, in the header', async () => {
      const { status, headers, body } = await call('AdminGetUser', {
        UserPoolId: 'é\n"\u2028😀',
        Username: 'ada',
      })
      const { message } = JSON.parse(body)
      assert.equal(status, 400)
      assert.ok(message.includes(`Value 'é\n"\u2028😀' at 'userPoolId'`), message)
      assert.ok(
        headers['x-amzn-errormessage']?.includes(`Value ' " ' at 'userPoolId'`),
        headers['x-amzn-errormessage'],
      )
      const long = await call('AdminGetUser', { UserPoolId: 'a'.repeat(5000), Username: 'ada' })
      assert.equal(long.headers['x-amzn-errormessage']?.length, 1024)
      assert.ok(JSON.parse(long.body).message.length > 5000)
    })

    test('a wrong password with the captured bytes', async () => {
      serviceError(
        await call('InitiateAuth', {
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD: `${password}?` },
        }),
        'NotAuthorizedException',
        'Incorrect username or password.',
      )
    })

    for (const name of operationNames) {
      if (operations.has(name)) continue
      test(`${name}, which is not built yet`, async () => {
        serviceError(
          await callRaw(server, name, '{'),
          'NotImplementedException',
          `Cognate does not serve ${name} yet. docs/operations.md lists what it serves.`,
        )
      })
    }
  })

  describe('a browser', () => {
    const preflight = (asked?: string) => {
      const headers = {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        ...(asked !== undefined && { 'access-control-request-headers': asked }),
      }
      return server.api(request('', '', { method: 'OPTIONS', headers }))
    }

    test('is told before it calls that it may', async () => {
      const { status, headers, body } = await preflight('content-type,x-amz-target,x-amz-user-agent')
      assert.equal(status, 200)
      assert.equal(body, '')
      assert.equal(headers['access-control-allow-origin'], '*')
      assert.equal(headers['access-control-allow-methods'], 'POST')
      assert.equal(headers['access-control-allow-headers'], 'content-type,x-amz-target,x-amz-user-agent')
      assert.match(headers['x-amzn-requestid'] ?? '', uuid)
    })

    test('may send what every SDK sends', async () => {
      const allowed = (await preflight()).headers['access-control-allow-headers']?.split(',') ?? []
      for (const header of [
        'authorization',
        'content-type',
        'x-amz-date',
        'x-amz-security-token',
        'x-amz-target',
        'x-amz-user-agent',
        'amz-sdk-invocation-id',
        'amz-sdk-request',
      ]) {
        assert.ok(allowed.includes(header), header)
      }
    })

    test('gets no header of its own making', async () => {
      const { headers } = await preflight('x-a\r\nset-cookie: a=b')
      assert.equal(headers['access-control-allow-headers'], 'x-a set-cookie: a=b')
    })
  })
})

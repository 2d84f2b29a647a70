import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { discovery } from '../oauth/discovery.ts'
import { jwks } from '../oauth/jwks.ts'
import type { App } from '../ports/app.ts'
import { standardLimits } from './http.ts'
import { type TestApiOptions, testApi } from './test-api.ts'

/**
 * The URL table. `POST /` is the JSON API and is served before this; everything else is here.
 *
 *   GET /                                        what this is
 *   GET /{pool}/.well-known/openid-configuration
 *   GET /{pool}/.well-known/jwks.json
 *       /_cognate/inbox, /_cognate/clock         for people and tests
 *   GET /_cognate/health
 */
export function routes(app: App, options: TestApiOptions): Hono {
  const web = new Hono()
  web.use(bodyLimit({ maxSize: standardLimits.body, onError: (context) => context.json(tooLarge, 413) }))
  web.get('/', (context) => context.text(`${welcome}\n`))
  web.get('/:pool/.well-known/openid-configuration', async (context) => {
    const document = await discovery(app, context.req.param('pool'), context.req.header('host'))
    return document
      ? context.json(document, 200, publicDocument)
      : context.json(notFound, 404, publicDocument)
  })
  web.get('/:pool/.well-known/jwks.json', async (context) => {
    const document = await jwks(app, context.req.param('pool'))
    return document
      ? context.json(document, 200, publicDocument)
      : context.json(notFound, 404, publicDocument)
  })
  web.route('/_cognate', testApi(app, options))
  web.onError((error, context) => {
    app.journal.error('unexpected failure', { path: context.req.path, error })
    return context.json({ message: 'Internal error' }, 500)
  })
  return web
}

const welcome = `Cognate speaks the Amazon Cognito user pools API.

Point an AWS SDK, the AWS CLI or boto3 at this address:
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=<this address> aws cognito-idp list-user-pools --max-results 10`

const tooLarge = { message: 'Request entity too large' }
const notFound = { message: 'User pool does not exist.' }
const publicDocument = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' }

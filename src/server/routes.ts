import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { authorize, idpResponse } from '../oauth/authorize.ts'
import { discovery } from '../oauth/discovery.ts'
import { jwks } from '../oauth/jwks.ts'
import { revoke } from '../oauth/revoke.ts'
import { samlResponse } from '../oauth/saml-response.ts'
import { token } from '../oauth/token.ts'
import { userInfo } from '../oauth/user-info.ts'
import { confirmUser } from '../pages/confirm-user.ts'
import { showError } from '../pages/error.ts'
import { askForFeedback, takeFeedback } from '../pages/feedback.ts'
import { login } from '../pages/login.ts'
import { logo } from '../pages/logo.ts'
import type { App } from '../ports/app.ts'
import { uploads } from './imports.ts'
import { type TestApiOptions, testApi } from './test-api.ts'

/** In bytes. Images come by the JSON API, which takes more. */
const largestBody = 1_048_576

/**
 * The URL table. `POST /` is the JSON API and is served before this; everything else is here.
 *
 *   GET /                                        what this is
 *   GET /{pool}/.well-known/openid-configuration
 *   GET /{pool}/.well-known/jwks.json
 *   GET /oauth2/authorize
 *   GET, POST /oauth2/idpresponse                where identity providers send users back to
 *  POST /saml2/idpresponse                     the same, with a SAML response
 *  POST /oauth2/token
 *  POST /oauth2/revoke
 *   GET, POST /oauth2/userInfo
 *   GET /login                                   the identity providers of an app client
 *   GET /error                                   what cannot be told to the app
 *   GET /confirmUser                             the link that confirms a sign-up
 *   GET /{pool}/{client}/{version}/assets/images/{file}
 * PUT /_cognate/imports/{pool}/{job}           the file of a user import job
 *   GET, POST /feedback                          where a mail about a sign-in leads
 *       /_cognate/inbox, /_cognate/clock         for people and tests
 * GET /_cognate/imports/{pool}/{job}/log       what became of the users of a file
 *   GET /_cognate/health
 */
export function routes(app: App, options: TestApiOptions): Hono {
  const web = new Hono()
  // Before the limit of everything else: its own is higher.
  uploads(app, web)
  web.use(bodyLimit({ maxSize: largestBody, onError: (context) => context.json(tooLarge, 413) }))
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
  web.get('/oauth2/authorize', (context) => authorize(app, context))
  web.on(['GET', 'POST'], '/oauth2/idpresponse', (context) => idpResponse(app, context))
  web.post('/saml2/idpresponse', (context) => samlResponse(app, context))
  for (const path of ['token', 'revoke', 'userInfo']) web.use(`/oauth2/${path}`, cors())
  web.post('/oauth2/token', (context) => token(app, context))
  web.post('/oauth2/revoke', (context) => revoke(app, context))
  web.on(['GET', 'POST'], '/oauth2/userInfo', (context) => userInfo(app, context))
  web.get('/login', (context) => login(app, context))
  web.get('/error', showError)
  web.get('/confirmUser', (context) => confirmUser(app, context))
  web.get('/:pool/:client/:version/assets/images/:file', async (context) => {
    const { pool, client } = context.req.param()
    const image = await logo(app, { pool, client, path: context.req.path })
    return image
      ? context.body(image.file, 200, { ...publicImage, 'content-type': image.contentType })
      : context.json({ message: 'Image does not exist.' }, 404, publicDocument)
  })
  web.get('/feedback', askForFeedback)
  web.post('/feedback', (context) => takeFeedback(app, context))
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
/** Uploaded by whoever may, shown to anybody: it is an image of its stated kind, or nothing. */
const publicImage = {
  ...publicDocument,
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}

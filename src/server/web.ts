import { getRequestListener } from '@hono/node-server'
import type { App } from '../ports/app.ts'
import { routes } from './routes.ts'
import type { TestApiOptions } from './test-api.ts'

/** Everything but the JSON API, for node:http. */
export function webFace(app: App, options: TestApiOptions) {
  return getRequestListener(routes(app, options).fetch)
}

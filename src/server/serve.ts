import { randomUUID } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { operationNames } from '../api/names.ts'
import { createApi, refuse } from '../api/pipeline.ts'
import { operations } from '../api/registry.ts'
import { Fault } from '../domain/faults.ts'
import { startChores } from './chores.ts'
import type { Config } from './config.ts'
import { type Handlers, listen, mostBodyBytes } from './http.ts'
import { routes } from './routes.ts'
import { wire } from './wiring.ts'

export interface Served {
  readonly url: string
  readonly stop: () => Promise<void>
}

const grace = 10_000

/** Starts a server as the settings say. It is ready when the promise resolves. */
export async function serve(config: Config): Promise<Served> {
  const { promise: handlers, resolve: ready } = Promise.withResolvers<Handlers>()
  const listening = await listen(config.host, config.port, handlers)
  try {
    // With port 0 the address is known only now, and tokens name it.
    const publicUrl = config.publicUrl ?? `http://localhost:${listening.port}`
    const { app, clock, close } = await wire(config, publicUrl)
    const open =
      config.inbox === 'on'
        ? 'everybody'
        : config.inbox === 'loopback' && config.loopback
          ? 'loopback'
          : 'nobody'
    ready({
      api: createApi(app, operations, operationNames),
      tooLarge: () => refuse(randomUUID(), new Fault('BodyTooLarge', mostBodyBytes)),
      web: getRequestListener(routes(app, { inbox: open, clock }).fetch),
    })
    const stopChores = startChores(app)
    return {
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${listening.port}`,
      async stop() {
        await listening.stop(grace)
        await stopChores()
        await close()
      },
    }
  } catch (error) {
    await listening.stop(0)
    throw error
  }
}

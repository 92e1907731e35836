import type { Registry } from '@prometheus-io/client'
import { Hono } from 'hono'
import type { LoadedConfig } from '#config/compiled/events.ts'
import { toKeyString } from '#config/compiled/fragment.ts'
import type { TimelineEntry } from '../report/timeline-log.ts'

export interface AdminDeps {
  isReady(): boolean
  loaded(): LoadedConfig
  timelines(): TimelineEntry[]
  readonly registry: Registry
  /** Whether the bearer of a token may read a path. */
  isAllowed(token: string, path: string): Promise<boolean>
}

/** The admin listener: probes for everybody, the rest for who may. */
export const createAdminApp = (deps: AdminDeps) => {
  const app = new Hono()
  app.get('/livez', (c) => c.body(null, 204))
  app.get('/readyz', (c) => c.body(null, deps.isReady() ? 204 : 503))
  app.use(async (c, next) => {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (token === undefined) return c.json({ error: 'a bearer token is required' }, 401)
    const isAllowed = await deps.isAllowed(token, c.req.path).catch(() => undefined)
    if (isAllowed === undefined) return c.json({ error: 'the token cannot be checked now' }, 503)
    if (!isAllowed) return c.json({ error: 'not allowed' }, 403)
    return next()
  })
  app.get('/metrics', async (c) =>
    c.body(await deps.registry.metrics(), 200, { 'content-type': deps.registry.contentType }),
  )
  app.get('/config', (c) => {
    const config = deps.loaded()
    const { kind = '', namespace = '', name = '' } = c.req.query()
    if (name === '') return c.json(config)
    const key = toKeyString({ kind, namespace, name })
    return c.json({
      ...config,
      objects: config.objects.filter((served) => toKeyString(served) === key),
    })
  })
  app.get('/timelines', (c) => c.json(deps.timelines()))
  return app
}

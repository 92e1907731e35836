import { Pool } from 'undici'
import { type ApiServerOptions, startApiServer } from './api-server.ts'
import type { JsonObject, KubeObject } from './json.ts'

/** An answer with its parsed body. */
export interface Answer {
  readonly code: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: KubeObject & JsonObject
}

const MERGE = 'application/merge-patch+json'

/** Starts an API server and a client for it, for tests. */
export const startTestServer = async (options: Partial<ApiServerOptions> = {}) => {
  const token = 'test-token'
  const server = await startApiServer({ file: ':memory:', token, ...options })
  const pool = new Pool(server.url, { connections: 8 })
  const send = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const contentType = method === 'PATCH' ? MERGE : 'application/json'
    const response = await pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType, ...headers },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.body.text()
    const parsed = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : undefined
    const fallback = { apiVersion: '', kind: text, metadata: {} } as unknown as Answer['body']
    return { code: response.statusCode, headers: response.headers, body: parsed ?? fallback }
  }
  const apply = (path: string, manager: string, body: unknown, force = false) =>
    send('PATCH', `${path}?fieldManager=${manager}&force=${force}`, body, {
      'content-type': 'application/apply-patch+yaml',
    })
  /** Opens a watch; `next` waits for the next event. */
  const watch = async (path: string, accept = 'application/json') => {
    const response = await pool.request({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${token}`, accept },
    })
    const lines = linesOf(response.body)
    return {
      next: async () => {
        const { value, done } = await lines.next()
        return done ? undefined : (JSON.parse(value) as { type: string; object: Answer['body'] })
      },
      close: () => response.body.destroy(),
    }
  }
  return {
    server,
    send,
    apply,
    watch,
    close: async () => {
      await pool.destroy()
      await server.close()
    },
  }
}

/** A running test server with its client. */
export type TestServer = Awaited<ReturnType<typeof startTestServer>>

async function* linesOf(body: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** A CustomResourceDefinition with the shapes the tests need. */
export const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.dev' },
  spec: {
    group: 'test.dev',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', shortNames: ['wg'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          {
            name: 'Ready',
            type: 'string',
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A thing to test with.',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: {
                    type: 'integer',
                    minimum: 1,
                    description: 'How large it is.',
                    'x-kubernetes-validations': [{ rule: 'self != 7', message: 'no sevens' }],
                  },
                  mode: { type: 'string', default: 'plain' },
                  hosts: {
                    type: 'array',
                    items: { type: 'string' },
                    'x-kubernetes-list-type': 'set',
                  },
                },
              },
              status: {
                type: 'object',
                properties: {
                  conditions: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['type'],
                    items: {
                      type: 'object',
                      required: ['type'],
                      properties: { type: { type: 'string' }, status: { type: 'string' } },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
}

import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { wantsAggregatedDiscovery } from '../http/accept.ts'
import { sendJson } from '../http/respond.ts'
import type { JsonObject } from '../json.ts'
import type { Registry } from '../registry/registry.ts'
import {
  aggregatedDiscovery,
  coreVersions,
  groupList,
  oneGroup,
  resourceList,
} from './discovery.ts'
import { openApiDocument, openApiIndex, openApiV2 } from './openapi.ts'
import { OPENAPI_V2_PROTOBUF, openApiV2Protobuf } from './openapi-protobuf.ts'

const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+penstock',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'local/local',
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').toUpperCase()

/** Serves what describes the API: versions, discovery, OpenAPI. Texts are made once per change of what is served. */
export class Documents {
  readonly #registry: Registry
  #revision = -1
  #texts = new Map<string, string>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** Answers when the path is one of these documents; false when it is not. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (path === '/openapi/v2' && /^[^,]*protobuf/.test(request.headers.accept ?? '')) {
      response.writeHead(200, { 'Content-Type': OPENAPI_V2_PROTOBUF })
      response.end(openApiV2Protobuf(this.#registry.types))
      return true
    }
    const isAggregated =
      (path === '/api' || path === '/apis') && wantsAggregatedDiscovery(request.headers.accept)
    const text = this.#text(path, isAggregated)
    if (text === undefined) return false
    const etag = `"${hash(text)}"`
    response.setHeader('ETag', etag)
    response.setHeader('Vary', 'Accept')
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304)
      response.end()
      return true
    }
    sendJson(response, 200, text, isAggregated ? AGGREGATED : undefined)
    return true
  }

  #text(path: string, isAggregated: boolean): string | undefined {
    if (this.#revision !== this.#registry.revision) {
      this.#revision = this.#registry.revision
      this.#texts = new Map()
    }
    const key = `${path} ${isAggregated}`
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const value = isAggregated
      ? aggregatedDiscovery(this.#registry, path === '/api')
      : this.#document(path)
    if (value === undefined) return undefined
    const text = JSON.stringify(value)
    this.#texts.set(key, text)
    return text
  }

  #document(path: string): JsonObject | undefined {
    const registry = this.#registry
    if (path === '/version') return VERSION
    if (path === '/api') return coreVersions()
    if (path === '/apis') return groupList(registry)
    if (path === '/openapi/v2') return openApiV2(registry)
    if (path === '/openapi/v3')
      return openApiIndex(registry, (name) => hash(this.#text(`/openapi/v3/${name}`, false) ?? ''))
    if (path.startsWith('/openapi/v3/')) return openApiDocument(registry, path.slice(12))
    const [root, group = '', version, ...rest] = path.slice(1).split('/')
    if (root === 'api' && version === undefined) return resourceList(registry, '', group)
    if (root !== 'apis' || rest.length > 0) return undefined
    return version === undefined
      ? oneGroup(registry, group)
      : resourceList(registry, group, version)
  }
}

import type { ServerResponse } from 'node:http'
import type { Json, JsonObject, KubeObject } from '../json.ts'
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts'
import type { ApiError } from '../status.ts'
import type { StoredObject } from '../storage/stored-object.ts'
import { type IncludeObject, toPartialMetadata, toTable } from '../table/table.ts'
import type { Form } from './accept.ts'

/** Sends JSON text. */
export const sendJson = (
  response: ServerResponse,
  code: number,
  json: string,
  contentType = 'application/json',
): void => {
  response.writeHead(code, {
    'Content-Type': contentType,
    'Cache-Control': 'no-cache, private',
    'Content-Length': Buffer.byteLength(json),
  })
  response.end(json)
}

export const sendValue = (response: ServerResponse, code: number, value: Json): void =>
  sendJson(response, code, JSON.stringify(value))

export const sendText = (response: ServerResponse, code: number, text: string): void => {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(text)
}

/** Sends the Status of an error. */
export const sendError = (response: ServerResponse, error: ApiError): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (error.code === 413) response.setHeader('Connection', 'close')
  sendValue(response, error.code, error.toStatus())
}

const VALID_WARNING = /[^\x20-\x7e]/g

/** Adds `Warning` headers. */
export const addWarnings = (response: ServerResponse, warnings: readonly string[]): void => {
  if (warnings.length === 0) return
  const quoted = warnings.map(
    (text) => `299 - ${JSON.stringify(text.replaceAll(VALID_WARNING, '?'))}`,
  )
  response.setHeader('Warning', quoted)
}

/** How objects are to be shown. */
export interface View {
  readonly type: ResourceType
  readonly form: Form
  readonly include: IncludeObject
}

/** The object as the version that is asked for shows it. */
export const shownObject = (stored: StoredObject, type: ResourceType): KubeObject =>
  type.version === type.storageVersion
    ? stored.object
    : { ...stored.object, apiVersion: apiVersionOf(type) }

/** An object's JSON in the form that is asked for. */
export const renderObject = (stored: StoredObject, view: View, hasColumns = true): string => {
  const { type, form, include } = view
  if (form === 'metadata') return JSON.stringify(toPartialMetadata(stored.object))
  if (form === 'table') {
    const metadata = { resourceVersion: stored.object.metadata.resourceVersion ?? '' }
    const options = { include, metadata, hasColumns }
    return JSON.stringify(toTable([shownObject(stored, type)], type, options))
  }
  return type.version === type.storageVersion
    ? stored.json
    : JSON.stringify(shownObject(stored, type))
}

/** A list's JSON in the form that is asked for. */
export const renderList = (
  list: readonly StoredObject[],
  view: View,
  metadata: JsonObject,
): string => {
  const { type, form, include } = view
  if (form === 'table') {
    const objects = list.map((stored) => shownObject(stored, type))
    return JSON.stringify(toTable(objects, type, { include, metadata, hasColumns: true }))
  }
  const head =
    form === 'metadata'
      ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' }
      : { kind: type.listKind, apiVersion: apiVersionOf(type) }
  const items = list.map((stored) => renderObject(stored, view))
  return `${JSON.stringify({ ...head, metadata }).slice(0, -1)},"items":[${items.join(',')}]}`
}

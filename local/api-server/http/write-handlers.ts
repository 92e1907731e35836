import { isObject, type Json, type KubeObject } from '../json.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts'
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts'
import { invalidValue, required } from '../schema/causes.ts'
import { badRequest, invalid, unsupportedMediaType } from '../status.ts'
import { asObject } from '../write/admit.ts'
import type { ObjectWriter, WriteRequest, Written } from '../write/writer.ts'
import { mediaTypeOf, parseBody, readBody } from './body.ts'
import { duplicateFields } from './duplicate-fields.ts'
import { isSet, type ObjectRequest, toWriteRequest, viewOf } from './object-request.ts'
import { addWarnings, renderObject, sendJson } from './respond.ts'

interface Parsed {
  readonly body: Json
  readonly write: WriteRequest
}

const parse = async (asked: ObjectRequest): Promise<Parsed> => {
  const mediaType = mediaTypeOf(asked.request)
  const bytes = await readBody(asked.request)
  const body = parseBody(bytes, mediaType)
  const duplicates = mediaType.endsWith('json') ? duplicateFields(bytes.toString()) : []
  return { body, write: toWriteRequest(asked, duplicates) }
}

const toObject = (body: Json, { info }: ObjectRequest): KubeObject => {
  const object = asObject(body, info.type)
  const given = object.metadata.namespace
  if (given && given !== info.namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  return object
}

const answer = (asked: ObjectRequest, write: WriteRequest, written: Written): void => {
  addWarnings(asked.response, write.warnings)
  const json = renderObject(written.stored, viewOf(asked))
  sendJson(asked.response, written.isNew ? 201 : 200, json)
}

const applyPatch = (target: Json, patch: Json, mediaType: string, type: ResourceType): Json => {
  if (mediaType === 'application/json-patch+json') return applyJsonPatch(target, patch)
  if (mediaType === 'application/merge-patch+json') return applyMergePatch(target, patch)
  if (mediaType === 'application/strategic-merge-patch+json' && !type.custom)
    return applyStrategicMergePatch(target, patch, type.schema)
  throw unsupportedMediaType()
}

/** Serves POST, PUT and PATCH. */
export class WriteHandlers {
  readonly #writer: ObjectWriter

  constructor(writer: ObjectWriter) {
    this.#writer = writer
  }

  async create(asked: ObjectRequest): Promise<void> {
    const { body, write } = await parse(asked)
    if (write.type.namespaced && !write.namespace)
      throw badRequest('an empty namespace may not be set during creation')
    answer(asked, write, this.#writer.create(toObject(body, asked), write))
  }

  async replace(asked: ObjectRequest): Promise<void> {
    const { body, write } = await parse(asked)
    const object = toObject(body, asked)
    if (!object.metadata.name)
      throw invalid(write.type, write.name, [required('metadata.name', 'name must be given')])
    // As on the real server, custom resources are never replaced unconditionally.
    if (write.type.custom && !object.metadata.resourceVersion)
      throw invalid({ ...write.type, kind: write.type.plural }, write.name, [
        invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
      ])
    const written = this.#writer.update(write, () => object)
    answer(asked, write, written)
  }

  async patch(asked: ObjectRequest): Promise<void> {
    const mediaType = mediaTypeOf(asked.request)
    const { body, write } = await parse(asked)
    if (mediaType === 'application/apply-patch+yaml') {
      answer(asked, write, this.#apply(asked, body, write))
      return
    }
    const { type } = write
    const apiVersion = apiVersionOf(type)
    const change = (live: KubeObject): KubeObject => {
      const target = { ...live, apiVersion } as unknown as Json
      const patched = applyPatch(target, body, mediaType, type)
      if (!isObject(patched)) throw badRequest('the patch makes no object')
      const object = asObject(patched, type)
      const { uid } = object.metadata
      if (uid !== undefined && uid !== live.metadata.uid)
        throw invalid(type, write.name, [invalidValue('metadata.uid', uid, 'field is immutable')])
      return object
    }
    answer(asked, write, this.#writer.update(write, change))
  }

  #apply(asked: ObjectRequest, body: Json, write: WriteRequest): Written {
    const { query } = asked
    if (!query.get('fieldManager'))
      throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
        required('fieldManager', 'is required for apply patch'),
      ])
    return this.#writer.apply(toObject(body, asked), write, isSet(query, 'force'))
  }
}

import { cloneJson, equalJson, isObject, type Json, type JsonObject } from '../json.ts'
import { ApiError } from '../status.ts'

const failed = (why: string): ApiError =>
  new ApiError('the server rejected our request due to an error in our request', {
    code: 422,
    reason: 'Invalid',
    details: { causes: [{ reason: 'FieldValueInvalid', message: why, field: 'patch' }] },
  })

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')

const parsePointer = (pointer: Json | undefined): string[] => {
  if (pointer === '') return []
  if (typeof pointer !== 'string' || !pointer.startsWith('/'))
    throw failed(`invalid JSON pointer: ${JSON.stringify(pointer)}`)
  return pointer.slice(1).split('/').map(unescapeToken)
}

const indexIn = (list: readonly Json[], token: string, end: number): number => {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) >= end)
    throw failed(`the index ${token} is out of the list's bounds (${list.length})`)
  return Number(token)
}

const read = (root: Json, tokens: readonly string[]): Json => {
  let value: Json = root
  for (const token of tokens) {
    const next: Json | undefined = Array.isArray(value)
      ? value[indexIn(value, token, value.length)]
      : isObject(value) && Object.hasOwn(value, token)
        ? value[token]
        : undefined
    if (next === undefined) throw failed(`there is nothing at /${tokens.join('/')}`)
    value = next
  }
  return value
}

type Edit = (parent: Json[] | JsonObject, token: string) => void

// Containers are changed in place: the root is a copy of the caller's.
const editAt = (root: Json, tokens: readonly string[], edit: Edit): void => {
  const parent = read(root, tokens.slice(0, -1))
  if (!Array.isArray(parent) && !isObject(parent))
    throw failed(`there is no object or list at /${tokens.slice(0, -1).join('/')}`)
  edit(parent, tokens.at(-1) ?? '')
}

const define = (target: JsonObject, key: string, value: Json): void => {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

const adding =
  (value: Json): Edit =>
  (parent, token) => {
    if (!Array.isArray(parent)) define(parent, token, value)
    else if (token === '-') parent.push(value)
    else parent.splice(indexIn(parent, token, parent.length + 1), 0, value)
  }

const removing: Edit = (parent, token) => {
  if (Array.isArray(parent)) parent.splice(indexIn(parent, token, parent.length), 1)
  else if (!Object.hasOwn(parent, token)) throw failed(`there is no ${token} to remove`)
  else delete parent[token]
}

const replacing =
  (value: Json): Edit =>
  (parent, token) => {
    if (Array.isArray(parent)) parent[indexIn(parent, token, parent.length)] = value
    else if (!Object.hasOwn(parent, token)) throw failed(`there is no ${token} to replace`)
    else define(parent, token, value)
  }

const applyOperation = (root: Json, operation: JsonObject): Json => {
  const tokens = parsePointer(operation.path)
  const value = cloneJson(operation.value ?? null)
  const source = (): string[] => parsePointer(operation.from)
  const put = (item: Json, edit: (item: Json) => Edit): Json => {
    if (tokens.length === 0) return item
    editAt(root, tokens, edit(item))
    return root
  }
  switch (operation.op) {
    case 'add':
      return put(value, adding)
    case 'replace':
      return put(value, replacing)
    case 'copy':
      return put(cloneJson(read(root, source())), adding)
    case 'move': {
      const moved = read(root, source())
      editAt(root, source(), removing)
      return put(moved, adding)
    }
    case 'remove':
      editAt(root, tokens, removing)
      return root
    case 'test':
      if (equalJson(read(root, tokens), value)) return root
      throw failed(`testing value ${String(operation.path)} failed`)
    default:
      throw failed(`unexpected kind: ${JSON.stringify(operation.op)}`)
  }
}

/**
 * RFC 6902.
 * @throws ApiError 422 when an operation does not fit the document
 */
export const applyJsonPatch = (document: Json, patch: Json): Json => {
  if (!Array.isArray(patch)) throw failed('a JSON patch is a list of operations')
  return patch.reduce<Json>((root, operation) => {
    if (!isObject(operation)) throw failed('an operation of a JSON patch is an object')
    return applyOperation(root, operation)
  }, cloneJson(document))
}

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { CelRule } from './common.ts'
import { kinds } from './kinds.ts'
import { toCrd } from './to-crd.ts'

type Node = Record<string, unknown>

/** Every schema in a schema, with the field that it is for. */
function* schemasIn(node: Node, field: string): Generator<[string, Node]> {
  yield [field, node]
  for (const [name, child] of Object.entries((node.properties ?? {}) as Record<string, Node>)) {
    yield* schemasIn(child, `${field}.${name}`)
  }
  if (node.items) yield* schemasIn(node.items as Node, `${field}[]`)
}

const schemaOf = (kind: (typeof kinds)[number]) => {
  const { openAPIV3Schema } = toCrd(kind).spec.versions[0]?.schema ?? {}
  const { spec, status } = (openAPIV3Schema as unknown as { properties: Record<string, Node> })
    .properties
  return [...schemasIn(spec as Node, 'spec'), ...schemasIn(status as Node, 'status')]
}

test.each(kinds)('the CRD of $kind is the one that is checked in', (kind) => {
  const file = new URL(`../crd/penstock.dev_${kind.plural}.yaml`, import.meta.url)
  expect(parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(toCrd(kind))))
})

test.each(kinds)('everything in $kind has a type, and a limit where the type has none', (kind) => {
  for (const [field, schema] of schemaOf(kind)) {
    expect(schema.type, field).toBeTypeOf('string')
    if (schema.type === 'array') expect(schema.maxItems, field).toBeTypeOf('number')
    if (schema.type === 'string' && !schema.enum) {
      expect(schema.maxLength, field).toBeTypeOf('number')
    }
    if (schema.type === 'integer') expect(schema.maximum, field).toBeTypeOf('number')
    // The API server refuses both in a structural schema.
    expect(schema, field).not.toHaveProperty('additionalProperties')
    expect(schema, field).not.toHaveProperty('$ref')
  }
})

test('these rules are the API server’s own to check', () => {
  const rules = kinds.flatMap((kind) =>
    schemaOf(kind).flatMap(([field, schema]) =>
      ((schema['x-kubernetes-validations'] ?? []) as CelRule[]).map(
        ({ message }) => `${field}: ${message}`,
      ),
    ),
  )
  expect(rules).toMatchInlineSnapshot(`
    [
      "spec: at most one RequestHeaderModifier filter",
      "spec: at most one ResponseHeaderModifier filter",
      "spec: at most one RequestRedirect filter",
      "spec: at most one URLRewrite filter",
      "spec: at most one CORS filter",
      "spec: RequestRedirect and URLRewrite exclude each other",
      "spec: backendRefs are required, except with a RequestRedirect filter, which excludes them",
      "spec.matches[].path: must start with /",
      "spec.matches[].path: must not contain //, /./, /../, ? or #",
      "spec.filters[]: requestHeaderModifier must be set for type RequestHeaderModifier, and only for it",
      "spec.filters[]: responseHeaderModifier must be set for type ResponseHeaderModifier, and only for it",
      "spec.filters[]: requestRedirect must be set for type RequestRedirect, and only for it",
      "spec.filters[]: urlRewrite must be set for type URLRewrite, and only for it",
      "spec.filters[]: requestMirror must be set for type RequestMirror, and only for it",
      "spec.filters[]: cors must be set for type CORS, and only for it",
      "spec.filters[].requestRedirect.hostname: must not be a wildcard",
      "spec.filters[].requestRedirect.path: exactly the field that type names must be set",
      "spec.filters[].requestRedirect.statusCode: must be 301, 302, 303, 307 or 308",
      "spec.filters[].urlRewrite.hostname: must not be a wildcard",
      "spec.filters[].urlRewrite.path: exactly the field that type names must be set",
      "spec.filters[].requestMirror.backendRef: exactly one of name and url must be set",
      "spec.filters[].requestMirror.backendRef: port is required for a core Service",
      "spec.filters[].requestMirror.backendRef: port is for a core Service only",
      "spec.backendRefs[]: exactly one of name and url must be set",
      "spec.backendRefs[]: port is required for a core Service",
      "spec.backendRefs[]: port is for a core Service only",
      "spec.timeouts: backendRequest must not be longer than request",
      "spec: endpoint is required for this provider",
      "spec: region is required for Bedrock",
      "spec: AWS is a credential for Bedrock only",
      "spec.limits[]: exactly one of requests, tokens, inputTokens, outputTokens, cost must be set",
      "spec.guardrails[]: exactly one of pii, patterns, promptInjection, topics, size, model, webhook must be set",
      "spec.guardrails[]: promptInjection is for requests only",
      "spec.guardrails[]: maxMessages is for requests only",
      "spec.guardrails[]: only pii, patterns, topics and webhook can mask",
      "spec.guardrails[].size: maxCharacters or maxMessages must be set",
      "spec.sticky: header goes with by: Header, and with nothing else",
      "spec.limits[]: exactly one of requests, tokens, inputTokens, outputTokens, cost must be set",
      "spec.guardrails[]: exactly one of pii, patterns, promptInjection, topics, size, model, webhook must be set",
      "spec.guardrails[]: promptInjection is for requests only",
      "spec.guardrails[]: maxMessages is for requests only",
      "spec.guardrails[]: only pii, patterns, topics and webhook can mask",
      "spec.guardrails[].size: maxCharacters or maxMessages must be set",
      "spec: must be the name of one of the versions",
      "spec.variables[]: a variable that has a default is not required",
      "spec.variables[]: is only for the type String or List",
      "spec.variables[]: is only for the type String or List",
      "spec.variables[]: is only for the type String or List",
      "spec.variables[]: is only for the type String or List",
      "spec.variables[]: is only for the type Integer or Number",
      "spec.variables[]: is only for the type Integer or Number",
      "spec.variables[]: is only for the type List",
      "spec.versions[]: exactly one of messages and template must be set",
      "spec.expose.path: must not contain //, /./ or /../",
    ]
  `)
})

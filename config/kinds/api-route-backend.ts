import { z } from 'zod'
import { cel, objectName } from './common.ts'

/** A Service, a Knative Service or an URL. */
export const backendRef = z
  .object({
    group: z
      .enum(['', 'serving.knative.dev'])
      .default('')
      .describe('API group: empty for a core Service, serving.knative.dev for a Knative Service.'),
    kind: z.enum(['Service']).default('Service'),
    name: objectName.optional().describe('Name of the Service, in the namespace of the route.'),
    port: z.int().min(1).max(65_535).optional().describe('Port of a core Service.'),
    url: z
      .string()
      .max(2048)
      .regex(/^https?:\/\/[^\s/?#@\\]+\/?$/)
      .optional()
      .describe('In place of a Service: http(s)://host[:port]. Paths are for a URLRewrite filter.'),
    weight: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(1)
      .describe('Share of the requests, relative to the sum of all weights.'),
  })
  .describe('Where requests go.')
  .meta(
    cel(
      {
        rule: 'has(self.name) != has(self.url)',
        message: 'exactly one of name and url must be set',
      },
      {
        rule: "has(self.url) || self.group != '' || has(self.port)",
        message: 'port is required for a core Service',
        fieldPath: '.port',
      },
      {
        rule: "!has(self.port) || (has(self.name) && self.group == '')",
        message: 'port is for a core Service only',
        fieldPath: '.port',
      },
    ),
  )

export type BackendRef = z.output<typeof backendRef>

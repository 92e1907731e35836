import { z } from 'zod'
import { cel, conditionColumns, hostname, type KindDefinition } from './common.ts'
import { promptVariable } from './prompt-template-variable.ts'
import { modelName, promptVersion, versionName } from './prompt-template-version.ts'

const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }

const expose = z.object({
  path: z
    .string()
    .max(1024)
    .regex(/^\/[^\s?#{}]*$/)
    .describe('Exact path that answers POST requests whose body is the variables.')
    .meta(
      cel({
        rule: "!(self.contains('//') || self.contains('/./') || self.contains('/../') || self.endsWith('/.') || self.endsWith('/..'))",
        message: 'must not contain //, /./ or /../',
      }),
    ),
  hostnames: z
    .array(hostname)
    .max(16)
    .optional()
    .describe('Hosts that have this path. Default: every host.')
    .meta({ 'x-kubernetes-list-type': 'set' }),
})

const spec = z
  .object({
    model: modelName.describe(
      "Name of an AIModelConfig or LLMRoutingPolicy, in this namespace or else in the gateway's own, as NAME or NAME@VERSION.",
    ),
    defaultVersion: versionName
      .optional()
      .describe('Version of calls that pin none. Default: the last of versions.'),
    variables: z
      .array(promptVariable)
      .max(64)
      .optional()
      .describe('What callers fill in.')
      .meta(byName),
    versions: z
      .array(promptVersion)
      .min(1)
      .max(32)
      .describe('The forms of the prompt, oldest first.')
      .meta(byName),
    expose: expose.optional().describe('An endpoint of its own. Default: none.'),
  })
  .meta(
    cel({
      rule: '!has(self.defaultVersion) || self.versions.exists(v, v.name == self.defaultVersion)',
      message: 'must be the name of one of the versions',
      fieldPath: '.defaultVersion',
    }),
  )

export type PromptTemplateSpec = z.output<typeof spec>

/** A prompt with variables, in versions. */
export const promptTemplate = {
  kind: 'PromptTemplate',
  plural: 'prompttemplates',
  singular: 'prompttemplate',
  shortNames: ['prompt'],
  description: 'PromptTemplate is a prompt that callers use by name, filling in its variables.',
  spec,
  printerColumns: [
    {
      name: 'Model',
      type: 'string',
      jsonPath: '.spec.model',
      description: 'Which model is asked',
    },
    {
      name: 'Default version',
      type: 'string',
      jsonPath: '.spec.defaultVersion',
      description: 'Version of calls that pin none; the last one if empty',
    },
    {
      name: 'Path',
      type: 'string',
      jsonPath: '.spec.expose.path',
      description: 'Where its own endpoint is',
    },
    ...conditionColumns,
  ],
} as const satisfies KindDefinition

import { z } from 'zod'
import { cel } from './common.ts'

/** Most characters of a text that says no `maxLength`. */
export const DEFAULT_MAX_LENGTH = 32_768
/** Most entries of a list that says no `maxItems`. */
export const DEFAULT_MAX_ITEMS = 1024

const MAX_CHARACTERS = 1_048_576

/** Kubernetes has no floats in a spec: a number that may have a fraction is a decimal in quotes. */
const decimal = z
  .string()
  .max(32)
  .regex(/^-?[0-9]{1,15}(\.[0-9]{1,9})?$/)

const TYPES = ['String', 'Integer', 'Number', 'Boolean', 'List'] as const

/** The constraints of a variable, and the types that they are for. */
export const CONSTRAINTS = {
  enum: ['String', 'List'],
  minLength: ['String', 'List'],
  maxLength: ['String', 'List'],
  pattern: ['String', 'List'],
  minimum: ['Integer', 'Number'],
  maximum: ['Integer', 'Number'],
  maxItems: ['List'],
} as const satisfies Record<string, readonly (typeof TYPES)[number][]>

/** The problem of a constraint that is not for the type of its variable. */
export const toMisplaced = (constraint: keyof typeof CONSTRAINTS): string =>
  `is only for the type ${CONSTRAINTS[constraint].join(' or ')}`

/** The problem of a variable whose default could never count. */
export const REQUIRED_WITH_DEFAULT = 'a variable that has a default is not required'

/** What callers of a prompt fill in. */
export const promptVariable = z
  .object({
    name: z
      .string()
      .max(63)
      .regex(/^[A-Za-z][A-Za-z0-9_]*$/)
      .describe('Stands in a text as {name}.'),
    type: z
      .enum(TYPES)
      .describe('What its values are, in JSON. A List holds strings; ", " joins them in the text.'),
    required: z
      .boolean()
      .optional()
      .describe('Whether every call must give it. Default: true, unless it has a default.'),
    default: z
      .string()
      .max(DEFAULT_MAX_LENGTH)
      .optional()
      .describe(
        'Value of calls that give none, as JSON; a String without quotes. Without one, an optional variable is empty.',
      ),
    description: z.string().max(1024).optional().describe('For those who call the prompt.'),
    enum: z
      .array(z.string().max(1024))
      .min(1)
      .max(256)
      .optional()
      .describe('The only values of a String, or entries of a List.')
      .meta({ 'x-kubernetes-list-type': 'set' }),
    minLength: z
      .int()
      .min(0)
      .max(MAX_CHARACTERS)
      .optional()
      .describe('Fewest characters of a String, or of each entry of a List. Default 0.'),
    maxLength: z
      .int()
      .min(1)
      .max(MAX_CHARACTERS)
      .optional()
      .describe(
        `Most characters of a String, or of each entry of a List. Default ${DEFAULT_MAX_LENGTH}.`,
      ),
    minimum: decimal.optional().describe('Least Integer or Number, in quotes: "0.5".'),
    maximum: decimal.optional().describe('Greatest Integer or Number, in quotes: "99.5".'),
    pattern: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe('RE2 expression that matches the whole of a String, or of each entry of a List.'),
    maxItems: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(`Most entries of a List. Default ${DEFAULT_MAX_ITEMS}.`),
  })
  .meta(
    cel(
      {
        rule: '!(has(self.default) && has(self.required) && self.required)',
        message: REQUIRED_WITH_DEFAULT,
        fieldPath: '.required',
      },
      ...Object.entries(CONSTRAINTS).map(([name, types]) => ({
        rule: `!has(self.${name}) || self.type in [${types.map((type) => `'${type}'`).join(', ')}]`,
        message: toMisplaced(name as keyof typeof CONSTRAINTS),
        fieldPath: `.${name}`,
      })),
    ),
  )

export type PromptVariable = z.output<typeof promptVariable>

import { z } from 'zod'

/** What every event has: https://docs.cohere.com/docs/streaming */
export const anyEvent = z.object({ type: z.string().nullish(), id: z.string().nullish() })

const said = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.object({
    delta: z.object({ message: z.object(shape).nullish() }).nullish(),
  })

/** `content-start` and `content-delta`. */
export const contentEvent = said({
  content: z.object({ text: z.string().nullish(), thinking: z.string().nullish() }).nullish(),
})

/** `tool-plan-delta`. */
export const planEvent = said({ tool_plan: z.string().nullish() })

const written = z.object({ arguments: z.string().nullish() })

/** `tool-call-start`. */
export const callStartEvent = z.object({
  delta: z.object({
    message: z.object({
      tool_calls: z.object({ id: z.string(), function: written.extend({ name: z.string() }) }),
    }),
  }),
})

/** `tool-call-delta`. */
export const callDeltaEvent = said({
  tool_calls: z.object({ function: written.nullish() }).nullish(),
})

/** `message-end`. */
export const endEvent = z.object({
  delta: z
    .object({
      finish_reason: z.string().nullish(),
      usage: z.unknown().optional(),
      error: z.string().nullish(),
    })
    .nullish(),
})

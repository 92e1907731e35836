import type { z } from 'zod'

/** Reads JSON by its schema. @returns undefined for what is none, or does not fit */
export const readJson = <Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): z.output<Schema> | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

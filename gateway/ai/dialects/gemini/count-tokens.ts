import { z } from 'zod'

const answer = z.object({ totalTokens: z.int().min(0) })

/** Reads how many tokens a request has. @throws Error when it is not told */
export const decodeCount = (json: unknown): number => answer.parse(json).totalTokens

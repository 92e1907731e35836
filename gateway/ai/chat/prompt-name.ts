/** What the name of a prompt begins with, where a model is named. */
export const PROMPT = 'prompt/'

/** Whether a call names a prompt: then it need not say anything itself. */
export const isPromptCall = ({ model }: Readonly<Record<string, unknown>>): boolean =>
  typeof model === 'string' && model.startsWith(PROMPT)

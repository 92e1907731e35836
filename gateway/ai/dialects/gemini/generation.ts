/** Those that are no number name the newest of their kind. */
const THIRD_OR_LATER = /^gemini-(?:[3-9]|\d\d|[a-z-]+-latest$)/

/**
 * Whether a model thinks in levels, not in budgets, and wants its signatures back. Its name is all
 * that tells: https://ai.google.dev/gemini-api/docs/gemini-3
 */
export const isGemini3OrLater = (model: string): boolean => THIRD_OR_LATER.test(model)

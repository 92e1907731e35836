/**
 * There is no mode for JSON without a schema. To ask for it is what Anthropic advises.
 * https://platform.claude.com/docs/en/test-and-evaluate/strengthen-guardrails/increase-consistency
 */
export const JSON_INSTRUCTION =
  'Answer with one JSON object and nothing else: no words around it, no code fence.'

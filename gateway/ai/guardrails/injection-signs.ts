/** Words that follow each other, with others between. */
export interface Sign {
  readonly steps: readonly ReadonlySet<string>[]
  /** How far the word of a step is from that of the step before, at most. */
  readonly gap: number
  /** How much it says. */
  readonly weight: number
}

const sign = (weight: number, gap: number, ...steps: string[]): Sign => ({
  steps: steps.map((words) => new Set(words.split(' '))),
  gap,
  weight,
})

const RULES =
  'instruction instructions prompt prompts rule rules guideline guidelines direction directions directive directives command commands programming training constraints restrictions policy policies'
const DROP =
  'ignore ignoring disregard disregarding forget bypass override overrule neglect discard'
const EARLIER =
  'previous prior above earlier preceding former initial original system developer existing foregoing'
const TELL = 'reveal show print repeat output display leak expose disclose tell dump recite'
const HIDDEN = 'system initial hidden secret original developer internal confidential'

/** https://genai.owasp.org/llmrisk/llm01-prompt-injection/: how attempts are put into words. */
export const SIGNS: readonly Sign[] = [
  sign(3, 4, DROP, EARLIER, RULES),
  sign(3, 5, DROP, 'everything anything all', 'above before previously'),
  sign(2, 3, DROP, 'all any every your', RULES),
  sign(3, 3, TELL, 'your', HIDDEN, `${RULES} message messages`),
  sign(2, 3, TELL, HIDDEN, `${RULES} message messages`),
  sign(2, 4, TELL, 'everything text words all', 'above before'),
  sign(3, 1, 'do', 'anything', 'now'),
  sign(
    3,
    6,
    'are act pretend roleplay behave respond become',
    'jailbroken unrestricted unfiltered uncensored amoral',
  ),
  sign(
    2,
    3,
    'enable enabled enter activate activated switch',
    'developer god jailbreak dan sudo',
    'mode',
  ),
  sign(
    1,
    3,
    'without no disable remove',
    'restrictions filters limitations censorship guardrails safeguards',
  ),
  sign(
    2,
    3,
    "don't not without never",
    'tell telling inform informing notify notifying mention',
    'user users human',
  ),
  sign(2, 2, 'your', 'new real actual true', `task goal purpose objective ${RULES}`),
  sign(1, 1, 'from', 'now', 'on', 'you'),
  sign(1, 1, 'you', 'are', 'now'),
  sign(1, 1, 'new updated important', 'instructions'),
  // German, French, Spanish
  sign(
    3,
    5,
    'ignoriere ignorier vergiss missachte',
    'anweisungen regeln vorgaben befehle instruktionen',
  ),
  sign(
    3,
    5,
    'ignore ignorez oublie oubliez',
    'consignes instructions règles',
    'précédentes antérieures',
  ),
  sign(3, 5, 'ignora ignore olvida olvide', 'instrucciones reglas órdenes', 'anteriores previas'),
]

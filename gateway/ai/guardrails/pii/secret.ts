import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'
import { isRandom } from './randomness.ts'

const toSpan = (start: number, end: number): Span => ({ start, end, type: 'Secret' })

/**
 * What issuers begin their secrets with, so that they are found.
 * https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const KNOWN = new RegExp(
  `(?<![0-9A-Za-z_])(?:${[
    // Amazon Web Services
    'A(?:KI|SI)A[A-Z0-9]{16}(?![A-Za-z0-9])',
    // GitHub, GitLab
    'gh[oprsu]_[A-Za-z0-9]{36,255}',
    'github_pat_[A-Za-z0-9_]{22,255}',
    'gl(?:pat|ptt|rt|dt)-[A-Za-z0-9_.-]{20,300}',
    // Slack
    'xox[abeoprs]-[A-Za-z0-9-]{10,255}',
    'xapp-[A-Za-z0-9-]{20,255}',
    // Google
    'AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])',
    'ya29\\.[A-Za-z0-9_-]{20,2048}',
    // Stripe
    '[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}',
    // SendGrid
    'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}',
    // npm, Hugging Face, DigitalOcean
    'npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])',
    'hf_[A-Za-z0-9]{30,64}',
    'do[opr]_v1_[a-f0-9]{64}',
  ].join('|')})`,
  'g',
)

/** OpenAI, Anthropic, and others after them; words may begin like that too. */
const KEY = /(?<![0-9A-Za-z_-])sk-[A-Za-z0-9_-]{20,512}/g
const isKey = (key: string): boolean => /[0-9].*[0-9]/.test(key) && /[A-Z]|[a-z0-9]{24}/.test(key)

/** RFC 7519; both of the first parts are objects of JSON. */
const TOKEN =
  /(?<![0-9A-Za-z_-])eyJ[A-Za-z0-9_-]{8,2048}\.eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{0,1024}/g

/** What has no known beginning; what is longer is no secret but content. */
const RUN = /(?<![0-9A-Za-z+/_=-])[0-9A-Za-z+/_-]{32,256}={0,2}(?![0-9A-Za-z+/_=-])/g

/** Keys, tokens and what looks like one. */
export const findSecrets = (text: string, from: number): Span[] => {
  const spans: Span[] = []
  for (const pattern of [KNOWN, TOKEN]) {
    for (const { 0: secret, index } of matchFrom(text, from, pattern)) {
      spans.push(toSpan(index, index + secret.length))
    }
  }
  for (const { 0: key, index } of matchFrom(text, from, KEY)) {
    if (isKey(key)) spans.push(toSpan(index, index + key.length))
  }
  for (const { 0: run, index } of matchFrom(text, from, RUN)) {
    if (isRandom(run)) spans.push(toSpan(index, index + run.length))
  }
  return spans
}

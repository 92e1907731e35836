import { expect, test } from 'vitest'
import { createAwsSigner, type UnsignedRequest } from './sign.ts'

/** Of the test suite that AWS publishes. */
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

const VANILLA: UnsignedRequest = {
  method: 'GET',
  host: 'example.amazonaws.com',
  path: '/',
  headers: [],
  body: '',
  credentials: CREDENTIALS,
  region: 'us-east-1',
  service: 'service',
  now: new Date('2015-08-30T12:36:00Z'),
}

const sign = (request: Partial<UnsignedRequest>): readonly string[] =>
  createAwsSigner().sign({ ...VANILLA, ...request })

const toSignature = ([, authorization = '']: readonly string[]): string | undefined =>
  authorization.split('Signature=')[1]

const FORM = ['Content-Type', 'application/x-www-form-urlencoded']
const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-test-suite.html
test.each([
  ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'post-vanilla',
    { method: 'POST' },
    '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  ],
  [
    'get-vanilla-query-order-key-case',
    { path: '/?Param2=value2&Param1=value1' },
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-vanilla-query-unreserved',
    { path: `/?${UNRESERVED}=${UNRESERVED}` },
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ],
  [
    'get-vanilla-utf8-query',
    { path: '/?ሴ=bar' },
    '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  ],
  ['get-utf8', { path: '/ሴ' }, '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
  [
    'get-unreserved',
    { path: `/${UNRESERVED}` },
    '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  ],
  [
    'get-header-key-duplicate',
    { headers: ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'] },
    'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  ],
  [
    'get-header-value-trim',
    { headers: ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'] },
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  [
    'post-x-www-form-urlencoded',
    { method: 'POST', headers: FORM, body: 'Param1=value1' },
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
])('signs %s as AWS does', (_name, request, expected) => {
  expect(toSignature(sign(request))).toBe(expected)
})

test('says who signed, and what', () => {
  expect(sign({ headers: FORM })).toEqual([
    'authorization',
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, Signature=' +
      toSignature(sign({ headers: FORM })),
    'x-amz-date',
    '20150830T123600Z',
  ])
})

const BEDROCK = {
  method: 'POST',
  host: 'bedrock-runtime.us-east-1.amazonaws.com',
  service: 'bedrock',
  headers: ['content-type', 'application/json'],
  body: '{"a":"ü"}',
} as const

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab*1'
const TOKEN = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267'

test('encodes what is encoded in a path again, and signs the token of a session', () => {
  const headers = sign({
    ...BEDROCK,
    path: `/model/${encodeURIComponent(ARN)}/converse-stream`,
    headers: [...BEDROCK.headers, 'x-amz-foo', ' a   b '],
    credentials: { ...CREDENTIALS, sessionToken: TOKEN },
  })
  // What the signer of AWS's own SDK makes of it.
  expect(toSignature(headers)).toBe(
    '59d29f5a3f37e6a6e2455549a15123382ebd2d13c909f8ce7e666e82dd188cd9',
  )
  expect(headers.slice(2)).toEqual([
    'x-amz-date',
    '20150830T123600Z',
    'x-amz-security-token',
    TOKEN,
  ])
})

test.each([
  ['day', { now: new Date('2015-08-31T12:36:00Z') }],
  ['region', { region: 'eu-west-1' }],
  ['secret', { credentials: { ...CREDENTIALS, secretAccessKey: 'another' } }],
])('keeps no key for another %s', (_name, other) => {
  const signer = createAwsSigner()
  signer.sign(VANILLA)
  expect(signer.sign({ ...VANILLA, ...other })).toEqual(sign(other))
  expect(signer.sign(VANILLA)).toEqual(sign({}))
})

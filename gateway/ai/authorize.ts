import type { LinkedModel } from '../link/linked-model.ts'
import type { Credential } from '../link/model-credential.ts'
import { createAwsSigner } from './dialects/bedrock/sign.ts'

/** A request that its provider shall take. */
export interface ProviderCall {
  /** With the query, as it is sent. */
  readonly path: string
  readonly body: Buffer
}

const signer = createAwsSigner()

const show = (
  credential: Credential,
  host: string,
  { path, body }: ProviderCall,
): readonly string[] => {
  if (credential.type === 'Header') return [credential.name, credential.value]
  const { region, ...credentials } = credential
  const what = { method: 'POST', host, path, headers: [], body }
  return signer.sign({ ...what, credentials, region, service: 'bedrock', now: new Date() })
}

/**
 * The headers that show a provider who calls, as names and values; none where it does not ask.
 * @returns undefined when the credential is missing
 */
export const authorize = (
  model: LinkedModel,
  request: ProviderCall,
): readonly string[] | undefined => {
  if (!model.needsCredential) return []
  const credential = model.readCredential()
  return credential && show(credential, model.host, request)
}

import type { Store } from '../storage/store.ts'
import { type Certificate, createCertificate } from './certificate.ts'

/** The server's certificate: made at the first start and kept, so that kubeconfigs stay good. */
export const loadCertificate = (store: Store): Certificate =>
  JSON.parse(store.setting('certificate', () => JSON.stringify(createCertificate()))) as Certificate

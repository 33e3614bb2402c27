// How people are addressed.  The domain of names may be another one than that of the pages.
import { server } from './me.ts';

const domain = (): string => server.value?.domain ?? location.host;

export const personPath = (p: { acct: string }): string => `/@${p.acct}`;
export const handle = (p: { acct: string }): string => (p.acct.includes('@') ? `@${p.acct}` : `@${p.acct}@${domain()}`);

// What an address in full is called here: people of this server have no domain.
export function acctHere(acct: string): string {
  const at = acct.indexOf('@'), host = acct.slice(at + 1).toLowerCase();
  return at > 0 && (host === domain().toLowerCase() || host === location.host) ? acct.slice(0, at) : acct;
}

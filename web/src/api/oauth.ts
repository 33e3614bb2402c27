// Signing in by an authorization code with PKCE (RFC 7636), as the server's own public application; signing out.
import { forgetSeen } from './worker.ts';
import { type Login, actAs, forget, logins, remember } from './accounts.ts';

const CLIENT = 'dassie-web';
const SCOPES = 'read write follow push';
const PENDING = 'dassie.sign-in';

interface Pending {
  state: string;
  verifier: string;
  path: string;
}

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));
const redirectUri = (): string => `${location.origin}/signed-in`;

export async function challenge(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

// To the server's log-in, and back to path.  another: ask for the password even when this browser has a session.
export async function signIn(path: string, another = false): Promise<void> {
  const pending: Pending = { state: random(), verifier: random(), path };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const query = new URLSearchParams({ response_type: 'code', client_id: CLIENT, redirect_uri: redirectUri(), scope: SCOPES,
    state: pending.state, code_challenge: await challenge(pending.verifier), code_challenge_method: 'S256' });
  if (another) query.set('force_login', 'true');
  location.assign(`/oauth/authorize?${query}`);
}

async function post(path: string, body: Record<string, string>): Promise<Response> {
  return fetch(path, { method: 'POST', body: new URLSearchParams(body) });
}

async function verify(token: string): Promise<Login> {
  const answer = await fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`verify_credentials: ${answer.status}`);
  const a = await answer.json();
  return { id: a.id, token, acct: a.acct, name: a.display_name || a.username, avatar: a.avatar };
}

// On /signed-in: the code becomes a token, and the person goes where they were.  false: this was not asked for here.
export async function finishSignIn(query: URLSearchParams): Promise<boolean> {
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as Pending | null;
  sessionStorage.removeItem(PENDING);
  if (!pending || query.get('state') !== pending.state || !query.get('code')) return false;
  const answer = await post('/oauth/token', { grant_type: 'authorization_code', client_id: CLIENT, redirect_uri: redirectUri(),
    code: query.get('code')!, code_verifier: pending.verifier });
  if (!answer.ok) return false;
  const login = await verify((await answer.json()).access_token);
  const before = logins.value.find(a => a.id === login.id);
  if (before) void post('/oauth/revoke', { client_id: CLIENT, token: before.token, keep_session: 'true' });
  remember(login);
  actAs(login.id, pending.path);
  return true;
}

export async function signOut(login: Login): Promise<void> {
  await post('/oauth/revoke', { client_id: CLIENT, token: login.token }).catch(() => undefined);
  forget(login.id);
  await forgetSeen().catch(() => undefined);
  const next = logins.value[0];
  if (next) actAs(next.id);
  else location.assign('/');
}

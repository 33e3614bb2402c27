// The API as the current account; masto gives it types and names in camelCase.
import { signal } from '@preact/signals';
import { createRestAPIClient, type mastodon } from 'masto';
import { current } from './accounts.ts';

export const api: mastodon.rest.Client = createRestAPIClient({ url: location.origin, accessToken: current.value?.token, timeout: 30_000 });

// The session was ended elsewhere: the page says so, and what was typed stays.
export const sessionLost = signal(false);

export class CallError extends Error {
  constructor(readonly statusCode: number, message: string) {
    super(message);
  }
}

const word = (s: string): string => s.replace(/_(\w)/g, (_, ch: string) => ch.toUpperCase());

// snake_case of an answer to the camelCase of masto's entities.
export function camel(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(camel);
  if (v === null || typeof v !== 'object') return v;
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [word(k), camel(x)]));
}

// What masto has no name for: our own endpoints.
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Authorization: `Bearer ${current.value?.token ?? ''}` };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const json: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new CallError(answer.status, (json as { error?: string } | null)?.error ?? answer.statusText);
  return camel(json) as T;
}

// What went wrong, for people; a lost session is noted on the way.
export function errorText(e: unknown): string {
  const status = (e as { statusCode?: number }).statusCode;
  if (status === 401 && current.value) sessionLost.value = true;
  return e instanceof Error ? e.message : String(e);
}

// The API as the current account; masto gives it types and names in camelCase.
import { signal } from '@preact/signals';
import { createRestAPIClient, type mastodon } from 'masto';
import { t } from '../i18n/index.ts';
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
export async function call<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}, how: How = {}): Promise<T> {
  return (await request<T>(method, path, body, more, how)).data;
}

export interface How {
  keepalive?: boolean; // goes on when the page is left; for small bodies
}

const PATIENCE_MS = 30_000; // as above
const KEEPALIVE_MAX = 20_000; // characters, of up to three bytes: browsers refuse more than 64 KiB on the way at once

// Work that the server goes on with behind an answer: its id, and after how many seconds to ask.
export interface Refresh {
  id: string;
  retry: number;
}

export function readRefresh(header: string | null): Refresh | null {
  const id = /(?:^|[\s,])id="([^"]+)"/.exec(header ?? '')?.[1], retry = /(?:^|[\s,])retry=(\d+)/.exec(header ?? '')?.[1];
  return id ? { id, retry: Math.min(30, Math.max(1, Number(retry ?? 5))) } : null;
}

export async function request<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}, { keepalive }: How = {}): Promise<{ data: T; refresh: Refresh | null }> {
  const headers: Record<string, string> = { Authorization: `Bearer ${current.value?.token ?? ''}`, ...more };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json';
  const sent = body === undefined || form ? body as FormData | undefined : JSON.stringify(body), signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(path, { method, headers, body: sent, signal, keepalive: keepalive && typeof sent === 'string' && sent.length < KEEPALIVE_MAX });
  const json: unknown = await answer.json().catch(e => { if (signal.aborted) throw e; return null; });
  if (answer.status === 401 && current.value) sessionLost.value = true;
  if (!answer.ok) throw new CallError(answer.status, (json as { error?: string } | null)?.error ?? answer.statusText);
  return { data: camel(json) as T, refresh: readRefresh(answer.headers.get('Mastodon-Async-Refresh')) };
}

// A file that only the account may have, given to the person under this name.
export async function download(path: string, name: string): Promise<void> {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${current.value?.token ?? ''}` } });
  if (!answer.ok) throw new CallError(answer.status, ((await answer.json().catch(() => null)) as { error?: string } | null)?.error ?? answer.statusText);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A request that never reached the server, or whose answer never came.
export function isUnanswered(e: unknown): boolean {
  return e instanceof Error && !('statusCode' in e) && (e.name === 'TimeoutError' || e.name === 'AbortError' || /failed to fetch|networkerror|load failed|timed out/i.test(e.message));
}

// What went wrong, for people; a lost session is noted on the way.
export function errorText(e: unknown): string {
  const status = (e as { statusCode?: number }).statusCode;
  if (status === 401 && current.value) sessionLost.value = true;
  if (isUnanswered(e)) return t('The server does not answer. Please try again.');
  return e instanceof Error ? e.message : String(e);
}

// Accounts and relationships by id: one place, whoever brings them.
import { type Signal, signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api, call } from '../api/client.ts';

export type Person = mastodon.v1.Account;
export type Relationship = mastodon.v1.Relationship;

// undefined: somebody waits for it.
const people = new Map<string, Signal<Person | undefined>>();
const byAcct = new Map<string, Signal<string | undefined>>();

function slot<T>(map: Map<string, Signal<T | undefined>>, key: string): Signal<T | undefined> {
  let found = map.get(key);
  if (!found) {
    found = signal<T | undefined>(undefined);
    map.set(key, found);
  }
  return found;
}
const relationships = new Map<string, Signal<Relationship | null>>();

export function putPerson(p: Person): Person {
  slot(people, p.id).value = p;
  slot(byAcct, p.acct.toLowerCase()).value = p.id;
  return p;
}

export function person(id: string): Person | undefined {
  return slot(people, id).value;
}

export function findByAcct(acct: string): Person | undefined {
  const id = slot(byAcct, acct.toLowerCase()).value;
  return id === undefined ? undefined : person(id);
}

export async function loadByAcct(acct: string): Promise<Person> {
  return putPerson(await api.v1.accounts.lookup({ acct }));
}

export function putRelationship(r: Relationship): void {
  relationship(r.id).value = r;
}

// null until it is known; asked for in batches.
export function relationship(id: string): Signal<Relationship | null> {
  let found = relationships.get(id);
  if (!found) {
    found = signal(null);
    relationships.set(id, found);
  }
  return found;
}

let wanted = new Set<string>();

async function fetchWanted(): Promise<void> {
  const ids = [...wanted].slice(0, 40);
  wanted = new Set([...wanted].slice(40));
  if (wanted.size > 0) queueMicrotask(() => void fetchWanted());
  try {
    for (const r of await api.v1.accounts.relationships.fetch({ id: ids })) putRelationship(r);
  } catch {
    // What is not known is shown as not known.
  }
}

export function wantRelationship(id: string): Signal<Relationship | null> {
  const found = relationship(id);
  if (found.peek() === null) {
    if (wanted.size === 0) queueMicrotask(() => void fetchWanted());
    wanted.add(id);
  }
  return found;
}

// It is other than it was: whoever shows it sees what it is now.
export function lookAgain(id: string): void {
  if (!relationships.get(id)?.peek()) return;
  if (wanted.size === 0) queueMicrotask(() => void fetchWanted());
  wanted.add(id);
}

// After the stream was away: a request may have been answered.
export function lookAtAsked(): void {
  for (const [id, r] of relationships) if (r.peek()?.requested) lookAgain(id);
}

export async function follow(id: string, on: boolean, options: { reblogs?: boolean; notify?: boolean; languages?: string[] } = {}): Promise<void> {
  putRelationship(on ? await api.v1.accounts.$select(id).follow(options) : await api.v1.accounts.$select(id).unfollow());
}

// duration: seconds, 0 for ever.
export async function mute(id: string, on: boolean, options: { duration?: number; notifications?: boolean } = {}): Promise<void> {
  putRelationship(on ? await api.v1.accounts.$select(id).mute(options) : await api.v1.accounts.$select(id).unmute());
}

export async function block(id: string, on: boolean): Promise<void> {
  putRelationship(on ? await api.v1.accounts.$select(id).block() : await api.v1.accounts.$select(id).unblock());
}

export async function removeFollower(id: string): Promise<void> {
  putRelationship(await call<Relationship>('POST', `/api/v1/accounts/${id}/remove_from_followers`));
}

export async function endorse(id: string, on: boolean): Promise<void> {
  putRelationship(on ? await call<Relationship>('POST', `/api/v1/accounts/${id}/endorse`) : await call<Relationship>('POST', `/api/v1/accounts/${id}/unendorse`));
}

export async function note(id: string, comment: string): Promise<void> {
  putRelationship(await call<Relationship>('POST', `/api/v1/accounts/${id}/note`, { comment }));
}

// Everybody of that server: what is known about how one stands to them is asked again when it is next shown.
export async function blockDomain(domain: string, on: boolean): Promise<void> {
  await call(on ? 'POST' : 'DELETE', '/api/v1/domain_blocks', { domain });
  const of = [...people.values()].map(s => s.peek()).filter(p => p?.acct.toLowerCase().endsWith(`@${domain.toLowerCase()}`));
  for (const p of of) {
    const known = relationships.get(p!.id);
    if (!known?.peek()) continue;
    known.value = null;
    wantRelationship(p!.id);
  }
}

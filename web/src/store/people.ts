// Accounts and relationships by id: one place, whoever brings them.
import { type Signal, signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api, call } from '../api/client.ts';
import { Shelf } from './shelf.ts';

export type Person = mastodon.v1.Account;
export type Relationship = mastodon.v1.Relationship;

const ROOM = 3000;
const people = new Shelf<Person | undefined>(undefined, ROOM);
const byAcct = new Shelf<string | undefined>(undefined, ROOM);
const relationships = new Shelf<Relationship | null>(null, ROOM);

// keep: ids of those whom a list or a post needs.
export function sweepPeople(keep: ReadonlySet<string>): void {
  people.sweep(keep);
  relationships.sweep(keep);
  byAcct.sweep(new Set()); // who is looked up again is asked for again
}

export function putPerson(p: Person): Person {
  people.put(p.id, p);
  byAcct.put(p.acct.toLowerCase(), p.id);
  return p;
}

export function person(id: string): Person | undefined {
  return people.slot(id).value;
}

export function findByAcct(acct: string): Person | undefined {
  const id = byAcct.slot(acct.toLowerCase()).value;
  return id === undefined ? undefined : person(id);
}

export async function loadByAcct(acct: string): Promise<Person> {
  return putPerson(await api.v1.accounts.lookup({ acct }));
}

// Who was muted or blocked: what they wrote leaves the timelines at once, as it will be missing in what is loaded next.
export const shunned = signal<ReadonlySet<string>>(new Set());

export function putRelationship(r: Relationship): void {
  relationships.put(r.id, r);
  const now = shunned.peek();
  if ((r.muting || r.blocking || r.domainBlocking) !== now.has(r.id)) shunned.value = now.has(r.id) ? new Set([...now].filter(id => id !== r.id)) : new Set([...now, r.id]);
}

// null until it is known; asked for in batches.
export function relationship(id: string): Signal<Relationship | null> {
  return relationships.slot(id);
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
  if (!relationships.peek(id)) return;
  if (wanted.size === 0) queueMicrotask(() => void fetchWanted());
  wanted.add(id);
}

// After the stream was away: a request may have been answered.
export function lookAtAsked(): void {
  for (const [id, r] of relationships.all()) if (r?.requested) lookAgain(id);
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
  const end = `@${domain.toLowerCase()}`;
  for (const [id, p] of people.all()) {
    if (!p?.acct.toLowerCase().endsWith(end) || !relationships.peek(id)) continue;
    relationships.slot(id).value = null;
    wantRelationship(id);
  }
}

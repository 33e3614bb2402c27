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
  for (const id of answered.keys()) if (!relationships.peek(id)) answered.delete(id);
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

// Answers may overtake each other: the last question about somebody that was answered.
let questions = 0;
const answered = new Map<string, number>();
const isLate = (id: string, question: number): boolean => question < (answered.get(id) ?? 0);

export function putRelationship(r: Relationship, question = ++questions): void {
  answered.set(r.id, Math.max(question, answered.get(r.id) ?? 0));
  relationships.put(r.id, r);
  const now = shunned.peek();
  if ((r.muting || r.blocking || r.domainBlocking) !== now.has(r.id)) shunned.value = now.has(r.id) ? new Set([...now].filter(id => id !== r.id)) : new Set([...now, r.id]);
}

// What one did, and how one stands then.  Whether something that was asked for since is older or newer than this, only the server knows.
export async function done(what: PromiseLike<Relationship>, question = ++questions): Promise<void> {
  const r = await what, doubt = isLate(r.id, question);
  putRelationship(r, question);
  if (doubt) lookAgain(r.id);
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
  const question = ++questions;
  try {
    for (const r of await api.v1.accounts.relationships.fetch({ id: ids })) if (!isLate(r.id, question)) putRelationship(r, question);
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
  await done(on ? api.v1.accounts.$select(id).follow(options) : api.v1.accounts.$select(id).unfollow());
}

// duration: seconds, 0 for ever.
export async function mute(id: string, on: boolean, options: { duration?: number; notifications?: boolean } = {}): Promise<void> {
  await done(on ? api.v1.accounts.$select(id).mute(options) : api.v1.accounts.$select(id).unmute());
}

export async function block(id: string, on: boolean): Promise<void> {
  await done(on ? api.v1.accounts.$select(id).block() : api.v1.accounts.$select(id).unblock());
}

export async function removeFollower(id: string): Promise<void> {
  await done(call<Relationship>('POST', `/api/v1/accounts/${id}/remove_from_followers`));
}

export async function endorse(id: string, on: boolean): Promise<void> {
  await done(on ? call<Relationship>('POST', `/api/v1/accounts/${id}/endorse`) : call<Relationship>('POST', `/api/v1/accounts/${id}/unendorse`));
}

export async function note(id: string, comment: string): Promise<void> {
  await done(call<Relationship>('POST', `/api/v1/accounts/${id}/note`, { comment }));
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

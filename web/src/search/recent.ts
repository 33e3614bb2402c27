// What was searched for lately, kept in this browser for each account.
import { signal } from '@preact/signals';
import { current } from '../api/accounts.ts';

const KEPT = 8;
const key = (): string => `dassie.searches.${current.value?.id ?? ''}`;

// Newest first, each once, however it is written.
export function added(list: readonly string[], q: string): string[] {
  const text = q.trim().slice(0, 300);
  return text === '' ? [...list] : [text, ...list.filter(x => x.toLowerCase() !== text.toLowerCase())].slice(0, KEPT);
}

function read(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key()) ?? '[]');
    return Array.isArray(list) ? list.filter(x => typeof x === 'string').slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

export const recent = signal<string[]>(read());

function keep(list: string[]): void {
  recent.value = list;
  localStorage.setItem(key(), JSON.stringify(list));
}

export const remember = (q: string): void => keep(added(recent.peek(), q));
export const forget = (q?: string): void => keep(q === undefined ? [] : recent.peek().filter(x => x !== q));

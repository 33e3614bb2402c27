// The columns of the account that acts, and how far each was scrolled.
import { computed } from '@preact/signals';
import { current } from '../api/accounts.ts';
import { type Col, prefer, preferences } from '../store/preferences.ts';
import { valid } from './columns.ts';

const account = (): string => current.value?.id ?? '';
export const columns = computed(() => valid(preferences.value.columns[account()]));

export function setColumns(list: readonly Col[]): void {
  prefer({ columns: { ...preferences.peek().columns, [account()]: list } });
}

// For this tab: a reload begins where one was.
const KEY = 'dassie.columns.places';
const places = new Map<string, number>(Object.entries(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, number>));
let timer = 0;

export const placeOf = (id: string): number => places.get(id) ?? 0;

export function keepPlace(id: string, y: number): void {
  places.set(id, y);
  timer ||= window.setTimeout(() => {
    timer = 0;
    const have = new Set(columns.peek().map(c => c.id));
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...places].filter(([k]) => have.has(k)))));
  }, 300);
}

export const forgetPlace = (id: string): void => void places.delete(id);

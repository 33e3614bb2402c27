// Which columns somebody has chosen, and in which order; kept with the account (store/synced.ts).  No DOM here.
import type { Col } from '../store/preferences.ts';

export const MAX = 16;

export const initial: readonly Col[] = [{ id: 'home', path: '/home' }, { id: 'notifications', path: '/notifications' }, { id: 'local', path: '/public/local' }];

// Views that make sense beside others for as long as one likes.
const lasting = [/^\/home$/, /^\/public(\/local)?$/, /^\/notifications(\/(?!settings$|requests)\w+)?$/, /^\/conversations$/, /^\/bookmarks(\/\d+)?$/, /^\/favourites$/, /^\/lists\/\d+$/,
  /^\/tags\/[^/]+$/, /^\/search$/, /^\/explore(\/\w+)?$/, /^\/@[^/]+(\/(with_replies|media|\d+))?$/];
const pathOf = (href: string): string => href.split(/[?#]/)[0]!;
export const mayStay = (href: string): boolean => lasting.some(r => r.test(pathOf(href)));

// What is stored may be old, or somebody's experiment.
export function valid(stored: unknown): readonly Col[] {
  if (!Array.isArray(stored)) return initial;
  const seen = new Set<string>();
  return (stored as Partial<Col>[]).filter((c): c is Col => {
    const good = typeof c?.id === 'string' && typeof c.path === 'string' && mayStay(c.path) && !seen.has(c.id);
    if (good) seen.add(c.id!);
    return good;
  }).slice(0, MAX);
}

export function add(list: readonly Col[], path: string, id: string, at = list.length): readonly Col[] {
  if (list.length >= MAX || !mayStay(path) || list.some(c => c.id === id || c.path === path)) return list;
  return [...list.slice(0, at), { id, path }, ...list.slice(at)];
}

export const remove = (list: readonly Col[], id: string): readonly Col[] => list.filter(c => c.id !== id);
export const change = (list: readonly Col[], id: string, what: Partial<Col>): readonly Col[] => list.map(c => (c.id === id ? { ...c, ...what } : c));

// To the place before the column that stands at `to` now; the length of the list means the end.
export function move(list: readonly Col[], id: string, to: number): readonly Col[] {
  const from = list.findIndex(c => c.id === id), at = Math.max(0, Math.min(list.length, to)), col = list[from];
  if (!col || at === from || at === from + 1) return list;
  const rest = list.filter(c => c !== col), place = at > from ? at - 1 : at;
  return [...rest.slice(0, place), col, ...rest.slice(place)];
}

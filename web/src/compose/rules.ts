// What the server would refuse, told before it is asked.
import { server } from '../store/me.ts';
import { count, graphemes } from './count.ts';
import { type Draft, type Part, type PollDraft, isEmptyPart } from './draft.ts';

export interface Limits {
  characters: number;
  perLink: number;
  media: number;
  description: number;
  options: number;
  optionCharacters: number;
  pollSeconds: [number, number];
  types: readonly string[];
  imageBytes: number;
  videoBytes: number;
}

export function limits(): Limits {
  const c = server.value?.configuration;
  return { characters: c?.statuses.maxCharacters ?? 500, perLink: c?.statuses.charactersReservedPerUrl ?? 23, media: c?.statuses.maxMediaAttachments ?? 4,
    description: (c?.mediaAttachments as { descriptionLimit?: number } | undefined)?.descriptionLimit ?? 1500, options: c?.polls.maxOptions ?? 4,
    optionCharacters: c?.polls.maxCharactersPerOption ?? 50, pollSeconds: [c?.polls.minExpiration ?? 300, c?.polls.maxExpiration ?? 2_629_746],
    types: c?.mediaAttachments.supportedMimeTypes ?? [], imageBytes: c?.mediaAttachments.imageSizeLimit ?? 16 << 20, videoBytes: c?.mediaAttachments.videoSizeLimit ?? 99 << 20 };
}

export const leftOf = (p: Part, l: Limits): number => l.characters - count(p.text, p.warning ?? '', l.perLink);

export type PollProblem = 'few' | 'same' | 'long' | null;

export function pollProblem(p: PollDraft, l: Pick<Limits, 'optionCharacters'>): PollProblem {
  const all = p.options.map(o => o.trim()).filter(Boolean);
  if (all.length < 2) return 'few';
  if (new Set(all).size < all.length) return 'same';
  return all.some(o => graphemes(o) > l.optionCharacters) ? 'long' : null;
}

// There is always room for one more answer, up to the limit, and none stands empty in between.
export function pollOptions(options: readonly string[], max: number): string[] {
  const full = options.filter((o, i) => o !== '' || i < 2);
  while (full.length < 2) full.push('');
  return full.length < max && full.every(o => o !== '') ? [...full, ''] : full;
}

// A film, a sound or an animation stands alone; pictures may be several.
export function mayAttach(types: readonly string[], more: string, max: number): boolean {
  if (types.length === 0) return true;
  return types.length < max && types.every(x => x === 'image') && more === 'image';
}

export type Fault = 'empty' | 'long' | 'poll' | 'time' | null;

// Five minutes ahead, as the server wants it.
export const SOONEST_MS = 5 * 60_000;

export function faultOf(d: Draft, l: Limits, now = Date.now()): Fault {
  if (d.parts.some(isEmptyPart)) return 'empty';
  if (d.parts.some(p => p.text.trim() === '' && p.media.length === 0)) return 'empty';
  if (d.parts.some(p => leftOf(p, l) < 0)) return 'long';
  if (d.parts.some(p => p.poll && pollProblem(p.poll, l))) return 'poll';
  return d.scheduledAt && Date.parse(d.scheduledAt) < now + SOONEST_MS ? 'time' : null;
}

// The form of the profile, and what of it goes to the server.
import type { mastodon } from 'masto';

export const switchNames = { locked: 'locked', discoverable: 'discoverable', indexable: 'indexable', hideCollections: 'hide_collections', showMedia: 'show_media',
  showMediaReplies: 'show_media_replies', showFeatured: 'show_featured', bot: 'bot' } as const;
export type Switch = keyof typeof switchNames;

export interface Field {
  name: string;
  value: string;
}
export type Draft = { displayName: string; note: string; fields: Field[]; domains: string } & Record<Switch, boolean>;

export function draftOf(p: mastodon.v1.Profile): Draft {
  const flags = Object.fromEntries((Object.keys(switchNames) as Switch[]).map(k => [k, Boolean(p[k])])) as Record<Switch, boolean>;
  return { displayName: p.displayName, note: p.note, fields: p.fields.map(f => ({ name: f.name, value: f.value })), domains: p.attributionDomains.join('\n'), ...flags };
}

// The field at i one place further; the others keep their order.
export function moved(fields: Field[], i: number, by: -1 | 1): Field[] {
  const out = [...fields], to = i + by;
  if (to < 0 || to >= out.length) return out;
  [out[i], out[to]] = [out[to]!, out[i]!];
  return out;
}

export function payload(d: Draft): Record<string, unknown> {
  const flags = Object.fromEntries((Object.keys(switchNames) as Switch[]).map(k => [switchNames[k], d[k]]));
  return { display_name: d.displayName.trim(), note: d.note, fields_attributes: d.fields.filter(f => f.name.trim() !== '' || f.value.trim() !== ''),
    attribution_domains: d.domains.split(/[\s,]+/).filter(x => x !== ''), ...flags };
}

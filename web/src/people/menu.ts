// What one can do with somebody: the menu of a profile.
import type { mastodon } from 'masto';
import { webUrl } from '../ui/html.tsx';
import { openComposer } from '../compose/open.tsx';
import { t } from '../i18n/index.ts';
import { type Person, block, blockDomain, endorse, follow, mute, removeFollower } from '../store/people.ts';
import { confirm } from '../ui/dialog.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { askLanguages } from './languages.tsx';
import { askLists } from './membership.tsx';
import { askMute } from './mute.tsx';
import { openReport } from './report.tsx';

type Items = (MenuItem | null)[];

async function share(p: Person): Promise<void> {
  try {
    await navigator.share({ title: p.displayName || p.username, url: p.url });
  } catch (e) {
    if ((e as Error).name !== 'AbortError') throw e;
  }
}

async function copy(p: Person): Promise<void> {
  await navigator.clipboard.writeText(p.url);
  say(t('Link copied'));
}

function address(p: Person): Items {
  return [
    { icon: 'copy', text: t('Copy link'), run: () => void attempt(() => copy(p)) },
    typeof navigator.share === 'function' ? { icon: 'outside', text: t('Share'), run: () => void attempt(() => share(p)) } : null,
    p.acct.includes('@') ? { icon: 'outside', text: t('Open on its own server'), run: () => void window.open(webUrl(p.url), '_blank', 'noopener') } : null,
  ];
}

export async function blockAsk(p: Person, on: boolean): Promise<void> {
  if (!on || await confirm(t('Block {0}?', `@${p.acct}`), t('You will not see each other any more, and a follow in either direction ends.'), t('Block')))
    await attempt(() => block(p.id, on));
}

async function domainAsk(domain: string, on: boolean): Promise<void> {
  if (!on || await confirm(t('Block everybody from {0}?', domain), t('You will see nothing from there any more, and your followers from there are removed.'), t('Block')))
    await attempt(() => blockDomain(domain, on));
}

async function removeAsk(p: Person): Promise<void> {
  if (await confirm(t('Remove {0} from your followers?', `@${p.acct}`), t('They are not told, and can follow you again.'), t('Remove')))
    await attempt(() => removeFollower(p.id));
}

function followed(p: Person, r: mastodon.v1.Relationship): Items {
  return [
    { icon: 'boost', text: r.showingReblogs ? t('Hide boosts') : t('Show boosts'), run: () => void attempt(() => follow(p.id, true, { reblogs: !r.showingReblogs })) },
    { icon: 'bell', text: r.notifying ? t('No notifications about new posts') : t('Notify me about new posts'), run: () => void attempt(() => follow(p.id, true, { notify: !r.notifying })) },
    { icon: 'translate', text: t('Languages…'), run: () => askLanguages(p) },
    { icon: 'list', text: t('Lists…'), run: () => askLists(p) },
    { icon: 'star', text: r.endorsed ? t('Do not feature on my profile') : t('Feature on my profile'), run: () => void attempt(() => endorse(p.id, !r.endorsed)) },
  ];
}

export function ownMenu(p: Person): Items {
  return address(p);
}

export function menuOf(p: Person, r: mastodon.v1.Relationship | null): Items {
  const at = `@${p.acct}`, host = p.acct.split('@')[1];
  return [
    { icon: 'reply', text: t('Mention {0}', at), run: () => void openComposer({ text: `${at} ` }) },
    { icon: 'mail', text: t('Write to {0} privately', at), run: () => void openComposer({ text: `${at} `, visibility: 'direct' }) },
    ...address(p),
    ...(r?.following ? followed(p, r) : []),
    r?.followedBy ? { icon: 'close', text: t('Remove from my followers'), run: () => void removeAsk(p) } : null,
    { icon: 'mute', text: r?.muting ? t('Unmute {0}', at) : t('Mute {0}…', at), run: () => (r?.muting ? void attempt(() => mute(p.id, false)) : askMute(p)) },
    { icon: 'block', text: r?.blocking ? t('Unblock {0}', at) : t('Block {0}', at), danger: true, run: () => void blockAsk(p, !r?.blocking) },
    host ? { icon: 'block', text: r?.domainBlocking ? t('Unblock {0}', host) : t('Block {0}', host), danger: true, run: () => void domainAsk(host, !r?.domainBlocking) } : null,
    { icon: 'flag', text: t('Report {0}…', at), danger: true, run: () => openReport(p) },
  ];
}

// Mails about what happens while one is away; nothing is shown where the server sends none.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { call, camel, errorText } from '../api/client.ts';
import { msg, t } from '../i18n/index.ts';
import { Changes } from '../settings/changes.ts';
import { me } from '../store/me.ts';
import { attempt, say } from '../ui/toast.tsx';

type Settings = Record<string, unknown>;

const kinds: { name: string; text: string; staff?: number }[] = [
  { name: 'mention', text: msg('Mentions') }, { name: 'quote', text: msg('Quotes') }, { name: 'follow', text: msg('New followers') },
  { name: 'follow_request', text: msg('Requests to follow') }, { name: 'reblog', text: msg('Boosts') }, { name: 'favourite', text: msg('Favourites') },
  { name: 'report', text: msg('Reports'), staff: 16 }, { name: 'pending_account', text: msg('People who wait for approval'), staff: 1024 },
];
const ADMINISTRATOR = 1;

const key = (name: string): string => Object.keys(camel({ [`notification_emails:${name}`]: 0 }) as object)[0]!;

export function MailSettings() {
  const now = useSignal<Settings | null>(null), may = Number(me.value?.role.permissions ?? 0), changes = useMemo(() => new Changes<boolean>(), []);
  useEffect(() => void call<Settings>('GET', '/api/v1/settings').then(s => { now.value = s; }, errorText), []);
  if (!now.value || now.value[key('mention')] === undefined) return null;
  const s: Settings = { ...now.value, ...changes.chosen.value };
  const tick = (name: string, text: string) => <label key={name}><input type="checkbox" checked={s[key(name)] === true} onChange={e => {
    const on = e.currentTarget.checked;
    void attempt(() => changes.make(key(name), on, async () => {
      now.value = await call<Settings>('PATCH', '/api/v1/settings', { [`notification_emails:${name}`]: on }, {}, { keepalive: true });
      say(t('Saved'));
    }));
  }} /> {text}</label>;
  return <section class="push mails"><h2>{t('By mail')}</h2>
    <p class="quiet">{t('What happens while you are away, in one mail an hour at most. Messages and posts for followers only are not written into it.')}</p>
    <fieldset><legend>{t('What for')}</legend>{kinds.filter(k => !k.staff || (may & (k.staff | ADMINISTRATOR)) !== 0).map(k => tick(k.name, t(k.text)))}</fieldset>
    {tick('always', t('Also while I am here'))}
  </section>;
}

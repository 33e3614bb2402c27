// Notifications of the device, while no page is open.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { errorText } from '../api/client.ts';
import { type PushPolicy, type PushState, canPush, changePush, pushState, startPush, stopPush } from '../api/worker.ts';
import { msg, t } from '../i18n/index.ts';
import { Changes } from '../settings/changes.ts';
import { server } from '../store/me.ts';
import { Button } from '../ui/button.tsx';
import { attempt, say } from '../ui/toast.tsx';

const alerts: [string, string][] = [
  ['mention', msg('Mentions')], ['quote', msg('Quotes')], ['follow', msg('New followers')], ['follow_request', msg('Requests to follow')], ['reblog', msg('Boosts')],
  ['favourite', msg('Favourites')], ['poll', msg('Polls that have ended')], ['status', msg('New posts')], ['update', msg('Changed posts')],
];
const first: Record<string, boolean> = { mention: true, quote: true, follow: true, follow_request: true, reblog: false, favourite: false, poll: true, status: true, update: false };
const policies: [PushPolicy, string][] = [['all', msg('Everybody')], ['followed', msg('People you follow')], ['follower', msg('People who follow you')], ['none', msg('Nobody')]];

export function PushSettings() {
  const now = useSignal<PushState | null>(null), known = useSignal(false), changes = useMemo(() => new Changes<PushState>(), []), key = server.value?.configuration.vapid?.publicKey;
  useEffect(() => { if (canPush()) void pushState().then(s => { now.value = s; }, errorText).finally(() => { known.value = true; }); }, []);
  if (!canPush() || !key) return <section class="push"><h2>{t('On this device')}</h2><p class="quiet">{t('This browser cannot show notifications while the page is closed.')}</p></section>;
  const on = (): void => void attempt(async () => {
    now.value = await startPush(key, first);
    if (!now.value) say(t('The browser does not allow it. Its settings for this page can change that.'), true);
  });
  const off = (): void => void attempt(async () => {
    await stopPush();
    now.value = null;
  });
  const change = (to: PushState): void => void attempt(() => changes.make('all', to, async () => { now.value = await changePush(to); }));
  const s = changes.chosen.value.all ?? now.value;
  return <section class="push"><h2>{t('On this device')}</h2>
    {!s ? <><p class="quiet">{t('Be told here when something happens, also while the page is closed.')}</p><Button kind="main" disabled={!known.value} onClick={on}>{t('Turn on')}</Button></> : <>
      <fieldset><legend>{t('What for')}</legend>{alerts.map(([name, text]) => <label key={name}><input type="checkbox" checked={s.alerts[name] ?? false} onChange={e => change({ ...s, alerts: { ...s.alerts, [name]: e.currentTarget.checked } })} /> {t(text)}</label>)}</fieldset>
      <div class="policy-rule"><label for="push-policy"><b>{t('From whom')}</b></label><select id="push-policy" value={s.policy} onChange={e => change({ ...s, policy: e.currentTarget.value as PushPolicy })}>{policies.map(([v, text]) => <option key={v} value={v}>{t(text)}</option>)}</select></div>
      <Button onClick={off}>{t('Turn off')}</Button></>}
  </section>;
}

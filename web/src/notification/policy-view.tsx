// Settings of what strangers may send.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { t } from '../i18n/index.ts';
import { Changes } from '../settings/changes.ts';
import { Failed } from '../ui/bits.tsx';
import { FormBones } from '../ui/bones.tsx';
import { attempt } from '../ui/toast.tsx';
import { MailSettings } from './mail.tsx';
import { type Answer, loadPolicy, policy, rules, setPolicy } from './policy.ts';
import { PushSettings } from './push.tsx';
import { forgetNotifications } from './store.ts';

export function PolicyView() {
  const error = useSignal<unknown>(null), now = policy.value, changes = useMemo(() => new Changes<Answer>(), []), chosen = changes.chosen.value;
  const load = (): void => void loadPolicy().catch(e => { error.value = e; });
  useEffect(load, []);
  const change = (key: string, name: string, value: Answer): void => void attempt(() => changes.make(key, value, async () => {
    await setPolicy(name, value);
    forgetNotifications();
  }));
  if (!now) return <Column>{error.value ? <Failed error={error.value} retry={load} /> : <FormBones />}</Column>;
  const answers: [Answer, string][] = [['accept', t('Show')], ['filter', t('Put aside')], ['drop', t('Ignore')]];
  return <Column>
    <div class="pad policy">
      <PushSettings />
      <MailSettings />
      <h2>{t('Strangers')}</h2>
      <p class="quiet">{t('Notifications of these people can be put aside until you have looked at them, or be ignored. Who is put aside waits under “Filtered notifications”.')}</p>
      {rules.filter(r => now[r.key] !== undefined).map(r => <div class="policy-rule" key={r.key}>
        <label for={r.key}><b>{t(r.text)}</b><span class="quiet">{t(r.hint)}</span></label>
        <select id={r.key} value={chosen[r.key] ?? now[r.key]} onChange={e => change(r.key, r.name, e.currentTarget.value as Answer)}>{answers.map(([v, text]) => <option key={v} value={v}>{text}</option>)}</select>
      </div>)}
      <p><a href="/notifications/requests">{t('Filtered notifications')}</a></p>
    </div>
  </Column>;
}

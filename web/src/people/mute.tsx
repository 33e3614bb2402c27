// Muting somebody: for how long, and whether notifications stay away too.
import { useSignal } from '@preact/signals';
import { msg, t } from '../i18n/index.ts';
import { type Person, mute } from '../store/people.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';

const durations: [seconds: number, text: string][] = [[0, msg('Until I unmute')], [3600, msg('1 hour')], [21_600, msg('6 hours')], [86_400, msg('1 day')], [604_800, msg('7 days')], [2_592_000, msg('30 days')]];

function MuteDialog({ person: p, close }: { person: Person; close: () => void }) {
  const duration = useSignal(0), notifications = useSignal(true);
  const run = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (await attempt(() => mute(p.id, true, { duration: duration.peek(), notifications: notifications.peek() }))) close();
  };
  return <Dialog title={t('Mute {0}', `@${p.acct}`)} onClose={close} class="small">
    <form class="stack" onSubmit={e => void run(e)}>
      <p>{t('Their posts disappear from your timelines. They are not told, and may still follow you.')}</p>
      <label class="field"><span>{t('For how long')}</span>
        <select value={duration.value} onChange={e => { duration.value = Number(e.currentTarget.value); }}>{durations.map(([s, text]) => <option value={s}>{t(text)}</option>)}</select></label>
      <label class="tick"><input type="checkbox" checked={notifications.value} onChange={e => { notifications.value = e.currentTarget.checked; }} /><span>{t('Hide notifications from them too')}</span></label>
      <div class="actions"><Button type="submit" kind="main">{t('Mute')}</Button><Button onClick={close}>{t('Cancel')}</Button></div>
    </form>
  </Dialog>;
}

export const askMute = (p: Person): void => show(close => <MuteDialog person={p} close={close} />);

// Links by which others can join.
import { useSignal } from '@preact/signals';
import { Column } from '../app/shell.tsx';
import { call } from '../api/client.ts';
import { msg, t, tn, until } from '../i18n/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { Loaded, Section, Tick } from './parts.tsx';

interface Invite {
  id: string;
  url: string;
  uses: number;
  maxUses: number | null;
  expiresAt: string | null;
}
const uses: [number, string][] = [[1, msg('Once')], [5, msg('5 times')], [25, msg('25 times')], [0, msg('As often as wanted')]];
const lives: [number, string][] = [[86_400, msg('1 day')], [604_800, msg('7 days')], [2_592_000, msg('30 days')], [0, msg('For ever')]];

const copy = (i: Invite): Promise<boolean> => attempt(async () => { await navigator.clipboard.writeText(i.url); say(t('Link copied')); });

function Make({ again }: { again: () => Promise<void> }) {
  const max = useSignal(1), life = useSignal(604_800), auto = useSignal(true);
  const make = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => { await call('POST', '/api/v1/invites', { max_uses: max.peek(), autofollow: auto.peek(), ...(life.peek() > 0 ? { expires_in: life.peek() } : {}) }); await again(); });
  };
  return <form class="stack" onSubmit={make}>
    <label class="field"><span>{t('How often it can be used')}</span><select value={max.value} onChange={e => { max.value = Number(e.currentTarget.value); }}>{uses.map(([v, text]) => <option value={v}>{t(text)}</option>)}</select></label>
    <label class="field"><span>{t('How long it lasts')}</span><select value={life.value} onChange={e => { life.value = Number(e.currentTarget.value); }}>{lives.map(([v, text]) => <option value={v}>{t(text)}</option>)}</select></label>
    <Tick text={t('Who joins with it follows me')} checked={auto.value} onChange={on => { auto.value = on; }} />
    <div class="actions"><Button type="submit" kind="main">{t('Make a link')}</Button></div>
  </form>;
}

const PAGE = 40;
const load = (below = ''): Promise<Invite[]> => call<Invite[]>('GET', `/api/v1/invites?limit=${PAGE}${below && `&max_id=${below}`}`);

export function InviteSettings() {
  const whole = useSignal(false);
  const first = async (): Promise<Invite[]> => {
    const list = await load();
    whole.value = list.length < PAGE;
    return list;
  };
  const more = (list: Invite[], set: (l: Invite[]) => void): void => void attempt(async () => {
    const next = await load(list.at(-1)!.id);
    whole.value = next.length < PAGE;
    set([...list, ...next]);
  });
  return <Column><Loaded load={first} draw={(list, set, again) => <>
    <Section title={t('New invitation')}><Make again={again} /></Section>
    {list.length > 0 && <Section title={t('Invitations')}><ul class="rows">{list.map(i => <li key={i.id} class="invite"><span class="session"><code>{i.url}</code>
      <small class="quiet">{i.maxUses === null ? tn('Used {0} time', 'Used {0} times', i.uses) : t('Used {0} of {1} times', i.uses, i.maxUses)}{i.expiresAt && ` · ${t('Ends {0}', until(i.expiresAt))}`}</small></span>
      <IconButton icon="copy" label={t('Copy link')} onClick={() => void copy(i)} /><IconButton icon="trash" label={t('End this invitation')} onClick={() => void attempt(async () => { await call('DELETE', `/api/v1/invites/${i.id}`); await again(); })} /></li>)}</ul>
      {!whole.value && <Button onClick={() => more(list, set)}>{t('Show more')}</Button>}</Section>}
  </>} /></Column>;
}

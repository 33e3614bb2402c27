// Moving: which accounts elsewhere are one's own, and sending people to another account.
import { useSignal } from '@preact/signals';
import { Column } from '../app/shell.tsx';
import { call } from '../api/client.ts';
import { day, t, tx } from '../i18n/index.ts';
import type { Person } from '../store/people.ts';
import { PartBones } from '../ui/bones.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';
import { Loaded, Section, Tick } from './parts.tsx';

interface Alias {
  uri: string;
  account: Person | null;
}
interface Move {
  moved: Person | null;
  nextMoveAt: string | null;
}

function Aliases({ list, again }: { list: Alias[]; again: () => Promise<void> }) {
  const acct = useSignal('');
  const add = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => { await call('POST', '/api/v1/profile/aliases', { acct: acct.peek().trim().replace(/^@/, '') }); acct.value = ''; await again(); });
  };
  return <>
    <p>{t('To move here, name your old account first. Then start the move there.')}</p>
    {list.length > 0 && <ul class="rows">{list.map(a => <li key={a.uri}><bdi class="who">{a.account ? `@${a.account.acct}` : a.uri}</bdi><IconButton icon="trash" label={t('Remove {0}', a.account ? `@${a.account.acct}` : a.uri)} onClick={() => void attempt(async () => { await call('DELETE', '/api/v1/profile/aliases', { uri: a.uri }); await again(); })} /></li>)}</ul>}
    <form class="inline-form" onSubmit={add}><label class="sr" for="alias">{t('Address of the old account')}</label><input id="alias" placeholder="name@example.com" autocapitalize="off" value={acct.value} onInput={e => { acct.value = e.currentTarget.value; }} /><Button type="submit" disabled={acct.value.trim() === ''}>{t('Add')}</Button></form>
  </>;
}

function Away({ state, set }: { state: Move; set: (m: Move) => void }) {
  const acct = useSignal(''), password = useSignal(''), only = useSignal(false);
  if (state.moved) return <><p>{tx('This account has moved to {0}', <a href={`/@${state.moved.acct}`}><bdi>@{state.moved.acct}</bdi></a>)}</p>
    <Button onClick={() => void attempt(async () => set(await call<Move>('DELETE', '/api/v1/profile/move')))}>{t('Use this account again')}</Button></>;
  const go = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (await confirm(t('Move to {0}?', acct.peek()), t('Your followers are asked to follow the new account. Your posts stay here.'), t('Move')))
      await attempt(async () => set(await call<Move>('POST', '/api/v1/profile/move', { acct: acct.peek().trim().replace(/^@/, ''), password: password.peek(), redirect_only: only.peek() })));
  };
  return <form class="stack" onSubmit={e => void go(e)}>
    <p>{t('The new account has to name this one as its old account. Followers go along; posts do not.')}</p>
    {state.nextMoveAt && <p class="notice">{t('The next move with followers is possible from {0}.', day(state.nextMoveAt))}</p>}
    <label class="field"><span>{t('Address of the new account')}</span><input required placeholder="name@example.com" autocapitalize="off" value={acct.value} onInput={e => { acct.value = e.currentTarget.value; }} /></label>
    <label class="field"><span>{t('Your password')}</span><input type="password" required autocomplete="current-password" value={password.value} onInput={e => { password.value = e.currentTarget.value; }} /></label>
    <Tick text={t('Only point to it, without followers')} checked={only.value} onChange={on => { only.value = on; }} />
    <div class="actions"><Button type="submit" kind="danger">{t('Move')}</Button></div>
  </form>;
}

export function MoveSettings() {
  return <Column>
    <Section title={t('From another account to this one')}><Loaded waits={PartBones} load={() => call<Alias[]>('GET', '/api/v1/profile/aliases')} draw={(l, _, again) => <Aliases list={l} again={again} />} /></Section>
    <Section title={t('From this account to another')}><Loaded waits={PartBones} load={() => call<Move>('GET', '/api/v1/profile/move')} draw={(m, set) => <Away state={m} set={set} />} /></Section>
  </Column>;
}

// On which of one's lists somebody is.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { lists } from '../store/me.ts';
import type { Person } from '../store/people.ts';
import { Failed, Spinner } from '../ui/bits.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';

// Where one misses it: a list that is made here has the person on it.
function NewList({ onMade }: { onMade: (id: string) => void }) {
  const title = useSignal(''), busy = useSignal(false);
  const create = async (e: Event): Promise<void> => {
    e.preventDefault();
    busy.value = true;
    await attempt(async () => {
      const made = await api.v1.lists.create({ title: title.peek().trim() });
      lists.value = [...lists.peek(), made];
      title.value = '';
      onMade(made.id);
    });
    busy.value = false;
  };
  return <form class="one-line" onSubmit={e => void create(e)}>
    <label class="sr" for="list-with">{t('Name of the new list')}</label>
    <input id="list-with" value={title.value} placeholder={t('Name of the new list')} autocomplete="off" onInput={e => { title.value = e.currentTarget.value; }} />
    <Button type="submit" disabled={busy.value || title.value.trim() === ''}>{t('Create')}</Button>
  </form>;
}

function Lists({ person: p }: { person: Person }) {
  const on = useSignal<string[] | null>(null), error = useSignal<unknown>(null);
  const load = (): void => void Promise.all([api.v1.accounts.$select(p.id).lists.list(), api.v1.lists.list()])
    .then(([has, all]) => { lists.value = all; on.value = has.map(l => l.id); }, e => { error.value = e; });
  useEffect(load, [p.id]);
  if (error.value && !on.value) return <Failed error={error.value} retry={load} />;
  if (!on.value) return <Spinner />;
  const toggle = async (id: string, add: boolean): Promise<void> => {
    const before = on.peek()!, members = api.v1.lists.$select(id).accounts;
    on.value = add ? [...before, id] : before.filter(x => x !== id);
    if (!await attempt(() => (add ? members.create({ accountIds: [p.id] }) : members.remove({ accountIds: [p.id] })))) on.value = before;
  };
  return <div class="stack lists-of"><NewList onMade={id => void toggle(id, true)} />{lists.value.length > 0 && <fieldset class="ticks scroll"><legend class="sr">{t('Lists')}</legend>
    {lists.value.map(l => <label class="tick" key={l.id}><input type="checkbox" checked={on.value!.includes(l.id)} onChange={e => void toggle(l.id, e.currentTarget.checked)} /><span dir="auto">{l.title}</span></label>)}</fieldset>}</div>;
}

export const askLists = (p: Person): void => show(close => <Dialog title={t('Lists with {0}', `@${p.acct}`)} onClose={close} class="small">
  <Lists person={p} /><div class="actions"><Button kind="main" onClick={close}>{t('Done')}</Button></div></Dialog>);

// What one has noted about somebody; nobody else sees it.
import { useSignal } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { note, wantRelationship } from '../store/people.ts';
import { Button } from '../ui/button.tsx';
import { attempt } from '../ui/toast.tsx';

export function Note({ id }: { id: string }) {
  const kept = wantRelationship(id).value?.note ?? '', open = useSignal(false), text = useSignal('');
  if (!open.value) return <div class="note">{kept && <p class="pre" dir="auto">{kept}</p>}
    <button type="button" class="link" onClick={() => { text.value = kept; open.value = true; }}>{kept ? t('Change your note') : t('Add a note only you see')}</button></div>;
  const save = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (await attempt(() => note(id, text.peek()))) open.value = false;
  };
  return <form class="note stack" onSubmit={e => void save(e)}>
    <label class="field"><span>{t('Your note')}</span><textarea rows={3} maxLength={2000} value={text.value} onInput={e => { text.value = e.currentTarget.value; }} /></label>
    <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button><Button onClick={() => { open.value = false; }}>{t('Cancel')}</Button></div>
  </form>;
}

// Yes or no to somebody who asks to follow.
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { done } from '../store/people.ts';
import { Button } from '../ui/button.tsx';
import { attempt } from '../ui/toast.tsx';

export function Answer({ id, onAnswer }: { id: string; onAnswer?: () => void }) {
  const answer = async (yes: boolean): Promise<void> => {
    const one = api.v1.followRequests.$select(id);
    if (await attempt(() => done(yes ? one.authorize() : one.reject()))) onAnswer?.();
  };
  return <div class="answer"><Button kind="main" onClick={() => void answer(true)}>{t('Accept')}</Button><Button onClick={() => void answer(false)}>{t('Reject')}</Button></div>;
}

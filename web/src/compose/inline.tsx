// The line above home that opens the composer.
import { current } from '../api/accounts.ts';
import { t } from '../i18n/index.ts';
import { openComposer } from './open.tsx';

export function InlineComposer() {
  const me = current.value;
  if (!me) return null;
  return <div class="inline-composer"><img class="avatar" src={me.avatar} alt="" width="40" height="40" /><button type="button" onClick={() => void openComposer()}>{t('What is on your mind?')}</button></div>;
}

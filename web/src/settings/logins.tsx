// Who logged in lately, and who tried to.
import { useSignal } from '@preact/signals';
import { dateTime, msg, t } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { browserName } from './browser.ts';

export interface Login {
  id: string;
  success: boolean;
  method: string;
  ip: string | null;
  userAgent: string;
  createdAt: string;
}
const AT_FIRST = 10;

const methods: Record<string, string> = {
  password: msg('Password'), password_code: msg('Password and code'), passkey: msg('Passkey'), password_passkey: msg('Password and passkey'),
};

export function Logins({ list }: { list: Login[] }) {
  const all = useSignal(false);
  if (list.length === 0) return <p class="quiet">{t('Nobody has logged in with a browser yet.')}</p>;
  return <>
    <p class="quiet">{t('If something here was not you, change your password: that signs out everybody else.')}</p>
    <ul class="rows sessions logins">{(all.value ? list : list.slice(0, AT_FIRST)).map(l => <li key={l.id}><span class="session"><b dir="auto">{browserName(l.userAgent) || t('Unknown')}</b>{!l.success && <span class="tag">{t('Failed')}</span>}
      <small class="quiet">{dateTime(l.createdAt)} · {methods[l.method] ? t(methods[l.method]!) : l.method}{l.ip && ` · ${l.ip}`}</small></span></li>)}</ul>
    {!all.value && list.length > AT_FIRST && <div class="actions"><Button onClick={() => { all.value = true; }}>{t('Show all')}</Button></div>}
  </>;
}

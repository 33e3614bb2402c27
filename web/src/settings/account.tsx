// One's own log-in: another address, another password, and leaving.
import { useSignal } from '@preact/signals';
import { Column } from '../app/shell.tsx';
import { actAs, current, forget, logins } from '../api/accounts.ts';
import { call } from '../api/client.ts';
import { forgetSeen } from '../api/worker.ts';
import { t, tx } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { Loaded, Section, Secret } from './parts.tsx';

interface Login {
  email: string;
  unconfirmedEmail: string | null;
  totp: boolean;
}
interface Part {
  login: Login;
  set: (l: Login) => void;
}
const PATH = '/api/v1/login';

function Waiting({ login, set }: Part) {
  return <div class="notice stack">
    <p>{tx('{0} waits for the link in the mail that was sent to it.', <bdi>{login.unconfirmedEmail}</bdi>)}</p>
    <div class="actions"><Button onClick={() => void attempt(async () => { set(await call<Login>('POST', `${PATH}/email/again`)); say(t('Sent')); })}>{t('Send the link again')}</Button>
      <Button kind="danger" onClick={() => void attempt(async () => set(await call<Login>('DELETE', `${PATH}/email`)))}>{t('Keep the old address')}</Button></div>
  </div>;
}

function Email({ login, set }: Part) {
  const email = useSignal(''), password = useSignal('');
  const change = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => {
      set(await call<Login>('POST', `${PATH}/email`, { email: email.peek().trim(), password: password.peek() }));
      email.value = password.value = '';
    });
  };
  return <form class="stack" onSubmit={change}>
    <p><bdi class="login-email">{login.email}</bdi></p>
    {login.unconfirmedEmail && <Waiting login={login} set={set} />}
    <label class="field"><span>{t('New e-mail address')}</span><input type="email" autocomplete="email" required maxLength={254} value={email.value} onInput={e => { email.value = e.currentTarget.value; }} /></label>
    <Secret label={t('Your password')} value={password} />
    <p class="quiet">{t('A link is sent to the new address. When it is opened, all other browsers and apps are signed out.')}</p>
    <div class="actions"><Button type="submit" kind="main">{t('Change the address')}</Button></div>
  </form>;
}

function Password() {
  const old = useSignal(''), fresh = useSignal('');
  const change = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => {
      await call('PUT', `${PATH}/password`, { password: old.peek(), new_password: fresh.peek() });
      old.value = fresh.value = '';
      say(t('Saved'));
    });
  };
  return <form class="stack" onSubmit={change}>
    <Secret label={t('Your password')} value={old} />
    <Secret label={t('New password')} value={fresh} fresh />
    <p class="quiet">{t('All other browsers and apps are signed out.')}</p>
    <div class="actions"><Button type="submit" kind="main">{t('Change the password')}</Button></div>
  </form>;
}

// The account is gone: so is what this browser knows of it.
async function leave(body: { password: string; code: string }): Promise<void> {
  await call('POST', `${PATH}/delete_account`, body);
  if (current.value) forget(current.value.id);
  await forgetSeen().catch(() => undefined);
  const next = logins.value[0];
  if (next) actAs(next.id);
  else location.assign('/');
}

function Leave({ totp }: { totp: boolean }) {
  const password = useSignal(''), code = useSignal('');
  const go = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (await confirm(t('Delete your account?'), t('This cannot be taken back.'), t('Delete my account')))
      await attempt(() => leave({ password: password.peek(), code: code.peek().trim() }));
  };
  return <form class="stack" onSubmit={e => void go(e)}>
    <ul class="plain-list">
      <li>{t('You are signed out everywhere at once, and your profile is gone for everybody.')}</li>
      <li>{t('Your posts, files, follows, lists and messages are deleted here.')}</li>
      <li>{t('Other servers are asked to delete their copies. Most do; nobody can make them.')}</li>
      <li>{t('Nobody can have your name again, and neither can you.')}</li>
    </ul>
    <p><a href="/settings/data">{t('Take your data along first')}</a> · <a href="/settings/move">{t('Move to another account instead')}</a></p>
    <Secret label={t('Your password')} value={password} />
    {totp && <label class="field"><span>{t('Code the app shows, or a backup code')}</span><input autocomplete="one-time-code" required maxLength={32} value={code.value} onInput={e => { code.value = e.currentTarget.value; }} /></label>}
    <div class="actions"><Button type="submit" kind="danger">{t('Delete my account')}</Button></div>
  </form>;
}

export function AccountSettings() {
  return <Column><Loaded load={() => call<Login>('GET', PATH)} draw={(login, set) => <>
    <Section title={t('E-mail address')}><Email login={login} set={set} /></Section>
    <Section title={t('Password')}><Password /></Section>
    <Section title={t('Delete the account')}><Leave totp={login.totp} /></Section>
  </>} /></Column>;
}

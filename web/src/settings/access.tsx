// Who can get in: the second factor, passkeys, and where one is signed in.
import { useSignal } from '@preact/signals';
import { Column } from '../app/shell.tsx';
import { call } from '../api/client.ts';
import { dateTime, t, tn } from '../i18n/index.ts';
import { PartBones, SectionBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { type Login, Logins } from './logins.tsx';
import { Loaded, Section } from './parts.tsx';
import { type Passkey, Passkeys } from './passkeys.tsx';
import { qrPath } from './qr.ts';
import { browserName } from './browser.ts';

interface TwoFactor {
  totp: boolean;
  backupCodes: number;
}
interface Session {
  id: string;
  kind: 'browser' | 'app';
  name: string;
  ip: string | null;
  scopes: string | null;
  createdAt: string;
  usedAt: string | null;
  current: boolean;
}
interface Fresh {
  secret: string;
  uri: string;
}

function Qr({ text }: { text: string }) {
  const { size, path } = qrPath(text);
  return <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('QR code for an authenticator app')}><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>;
}

function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return <div class="stack">
    <p class="notice"><b>{t('Keep these codes somewhere safe.')}</b> {t('Each lets you in once when you have lost your phone. They are not shown again.')}</p>
    <ul class="codes">{codes.map(c => <li><code>{c}</code></li>)}</ul>
    <div class="actions"><Button onClick={() => void attempt(async () => { await navigator.clipboard.writeText(codes.join('\n')); say(t('Copied')); })}>{t('Copy')}</Button><Button kind="main" onClick={onDone}>{t('I have kept them')}</Button></div>
  </div>;
}

function Enable({ password, fresh, onCodes }: { password: string; fresh: Fresh; onCodes: (codes: string[]) => void }) {
  const code = useSignal('');
  const enable = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => onCodes((await call<{ backupCodes: string[] }>('POST', '/api/v1/two_factor/totp', { password, secret: fresh.secret, code: code.peek().replace(/\s/g, '') })).backupCodes));
  };
  return <form class="stack" onSubmit={enable}>
    <p>{t('Scan this with an authenticator app, or type the key into it.')}</p>
    <Qr text={fresh.uri} />
    <p><code class="secret">{fresh.secret.replace(/(.{4})/g, '$1 ').trim()}</code></p>
    <label class="field"><span>{t('Code the app shows')}</span><input inputMode="numeric" autocomplete="one-time-code" required maxLength={8} value={code.value} onInput={e => { code.value = e.currentTarget.value; }} /></label>
    <div class="actions"><Button type="submit" kind="main">{t('Turn on')}</Button></div>
  </form>;
}

// The password is asked before anything about the second factor changes.
function Factor({ state, again }: { state: TwoFactor; again: () => Promise<void> }) {
  const password = useSignal(''), fresh = useSignal<Fresh | null>(null), codes = useSignal<string[] | null>(null);
  if (codes.value) return <Codes codes={codes.value} onDone={() => { codes.value = null; fresh.value = null; password.value = ''; void again(); }} />;
  if (fresh.value) return <Enable password={password.value} fresh={fresh.value} onCodes={c => { codes.value = c; }} />;
  const go = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => {
      if (!state.totp) {
        fresh.value = await call<Fresh>('POST', '/api/v1/two_factor/totp/new', { password: password.peek() });
        return;
      }
      await call('DELETE', '/api/v1/two_factor/totp', { password: password.peek() });
      password.value = '';
      await again();
    });
  };
  return <form class="stack" onSubmit={go}>
    {state.totp ? <p class="good">{t('On.')} {tn('One backup code is left.', '{0} backup codes are left.', state.backupCodes)}</p> : <p>{t('Off. With it, a stolen password alone lets nobody in.')}</p>}
    <label class="field"><span>{t('Your password')}</span><input type="password" autocomplete="current-password" required value={password.value} onInput={e => { password.value = e.currentTarget.value; }} /></label>
    <div class="actions"><Button type="submit" kind={state.totp ? 'danger' : 'main'}>{state.totp ? t('Turn off') : t('Set up')}</Button></div>
  </form>;
}

function Sessions({ list, again }: { list: Session[]; again: () => Promise<void> }) {
  const end = async (s: Session): Promise<void> => {
    if (await confirm(t('End this?'), s.name, t('End'))) await attempt(async () => { await call('DELETE', `/api/v1/sessions/${s.id}`); await again(); });
  };
  const rows = (kind: Session['kind']) => <ul class="rows sessions">{list.filter(s => s.kind === kind).map(s => <li key={s.id}><span class="session"><b dir="auto">{browserName(s.name) || t('Unknown')}</b>{s.current && <span class="tag">{t('This one')}</span>}
    <small class="quiet">{s.usedAt ? t('Last used {0}', dateTime(s.usedAt)) : t('Since {0}', dateTime(s.createdAt))}{s.ip && ` · ${s.ip}`}{s.scopes && ` · ${s.scopes}`}</small></span>
    {!s.current && <Button kind="danger" onClick={() => void end(s)}>{t('End')}</Button>}</li>)}</ul>;
  return <><Section title={t('Browsers')}>{rows('browser')}</Section><Section title={t('Apps')}>{rows('app')}</Section></>;
}

export function AccessSettings() {
  return <Column>
    <Section title={t('Second factor')}><Loaded waits={PartBones} load={() => call<TwoFactor>('GET', '/api/v1/two_factor')} draw={(s, _, again) => <Factor state={s} again={again} />} /></Section>
    <Section title={t('Passkeys')}><Loaded waits={PartBones} load={() => call<Passkey[]>('GET', '/api/v1/passkeys')} draw={(l, _, again) => <Passkeys list={l} again={again} />} /></Section>
    <Loaded waits={SectionBones} load={() => call<Session[]>('GET', '/api/v1/sessions')} draw={(l, _, again) => <Sessions list={l} again={again} />} />
    <Section title={t('Log-ins')}><Loaded waits={PartBones} load={() => call<Login[]>('GET', '/api/v1/login/history')} draw={l => <Logins list={l} />} /></Section>
  </Column>;
}

// Logging in with a passkey: fills and sends the form that the page has for it.  Without this script the form stays hidden.
(() => {
  'use strict';
  const form = document.getElementById('passkey'), said = form.querySelector('[role=status]');
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => btoa(Array.from(new Uint8Array(buffer ?? []), b => String.fromCharCode(b)).join(''))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const AGAIN_MS = 240000; // a challenge is good for five minutes
  let waiting; // what the browser offers beside the e-mail field; only one request may run

  async function options() {
    const answer = await fetch('/auth/passkey', { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error(answer.status);
    const o = await answer.json();
    return { challenge: bytes(o.challenge), rpId: o.rpId, userVerification: o.userVerification,
      allowCredentials: o.allowCredentials.map(id => ({ type: 'public-key', id: bytes(id) })) };
  }

  function send(credential) {
    const r = credential.response;
    const values = { credential: credential.rawId, client_data: r.clientDataJSON, auth_data: r.authenticatorData, signature: r.signature, user_handle: r.userHandle };
    for (const name in values) form.elements[name].value = text(values[name]);
    form.submit();
  }

  async function ask() {
    waiting?.abort();
    waiting = undefined;
    said.textContent = '';
    try {
      send(await navigator.credentials.get({ publicKey: await options() }));
    } catch (e) {
      if (e.name !== 'AbortError') said.textContent = said.dataset.failed;
    }
  }

  async function offer() {
    const mine = waiting = new AbortController();
    const timer = setTimeout(() => { if (waiting === mine) { mine.abort(); void offer(); } }, AGAIN_MS);
    try {
      const publicKey = await options();
      if (waiting === mine) send(await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: mine.signal }));
    } catch { // nobody chose one; the button stays
      clearTimeout(timer);
    }
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  form.hidden = false;
  form.querySelector('button').addEventListener('click', () => void ask());
  // As the second factor it is asked for, not offered beside a name.
  if (!form.elements.ticket) PublicKeyCredential.isConditionalMediationAvailable?.().then(can => { if (can) void offer(); });
})();

// Between the server's base64url and the bytes that the browser's credentials have.
export interface CreationOptions {
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  challenge: string;
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout: number;
  excludeCredentials: { type: 'public-key'; id: string }[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
  attestation: AttestationConveyancePreference;
}

export const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));

export const base64url = (b: ArrayBuffer): string =>
  btoa(Array.from(new Uint8Array(b), x => String.fromCharCode(x)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

export function creation(o: CreationOptions): PublicKeyCredentialCreationOptions {
  return { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) },
    excludeCredentials: o.excludeCredentials.map(k => ({ ...k, id: bytes(k.id) })) };
}

// What the server checks of a new one.
export function created(made: PublicKeyCredential): { client_data: string; attestation: string } {
  const r = made.response as AuthenticatorAttestationResponse;
  return { client_data: base64url(r.clientDataJSON), attestation: base64url(r.attestationObject) };
}

/* One-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds, as all apps do. */
#ifndef CRYPTO_TOTP_H
#define CRYPTO_TOTP_H

#include "base/str.h"

enum { TOTP_STEP_S = 30, TOTP_SECRET_BYTES = 20 };

/* A new secret as base32 without padding, 32 characters. */
struct str totp_secret_new(struct arena *a);
/* otpauth://totp/Issuer:account?secret=…&issuer=… for the QR code. */
struct str totp_url(struct arena *a, struct str secret, struct str issuer, struct str account);
/*
 * Does code fit at now_ms, one step early or late?  *step is the matched step: store it and refuse steps <= the last one used.
 * last_step: the last one used, -1 for none; codes of it or earlier are refused here.
 */
bool totp_verify(struct str secret, struct str code, int64_t now_ms, int64_t last_step, int64_t *step);
/* The code of a step, for tests and tools; 6 digits. */
struct str totp_code(struct arena *a, struct str secret, int64_t step);

#endif

#include "model/login.h"

const char *const login_method_names[] = { "password", "password_code", "passkey", "password_passkey", NULL };

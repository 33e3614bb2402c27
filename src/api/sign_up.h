/* Why a form about an e-mail address is refused. */
#ifndef API_SIGN_UP_H
#define API_SIGN_UP_H

#include "http/http.h"
#include "service/user.h"

/* 422 with {"error": …, "details": {field: [{error, description}]}}. */
void api_sign_up_problems(struct ctx *c, struct req *r, const struct sign_up_problems *why);

#endif

/* Trust store of outbound TLS: the system's authorities and the operator's extra file, loaded once and shared by all connections. */
#include "http/client_xfer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

struct trust {
    X509_STORE *store;
};

struct trust *
trust_new(struct str ca_file)
{
    struct trust *t = calloc(1, sizeof(*t));
    char path[4096];

    if (t == NULL)
        BUG("out of memory");
    t->store = X509_STORE_new();
    if (t->store == NULL)
        BUG("out of memory");
    /* On Debian this is a directory by hash, read one file at a time when an authority is first met. */
    if (X509_STORE_set_default_paths(t->store) != 1)
        goto fail;
    if (ca_file.n > 0) {
        if (ca_file.n >= sizeof(path))
            goto fail;
        memcpy(path, ca_file.p, ca_file.n);
        path[ca_file.n] = '\0';
        if (X509_STORE_load_file(t->store, path) != 1)
            goto fail;
    }
    return t;
fail:
    ERR_clear_error();
    trust_free(t);
    return NULL;
}

void
trust_free(struct trust *t)
{
    if (t == NULL)
        return;
    X509_STORE_free(t->store);
    free(t);
}

CURLcode
trust_apply(CURL *easy, void *ssl_ctx, void *arg)
{
    struct trust *t = arg;

    SSL_CTX_set1_cert_store(ssl_ctx, t->store);
    return CURLE_OK;
}

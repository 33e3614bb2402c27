/* AES-256-GCM with the server key, and the file the key lives in. */
#include "crypto/secretbox.h"

#include "base/arena.h"
#include "base/rng.h"
#include "crypto/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VERSION = 1, KEY_BYTES = 32, NONCE_BYTES = 12, TAG_BYTES = 16, HEAD_BYTES = 1 + NONCE_BYTES };

struct secret_box {
    unsigned char key[KEY_BYTES];
};

/* ---- the key file -------------------------------------------------------------------------------------------------- */

static bool
write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t w = write(fd, p, n);

        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        p += w;
        n -= (size_t)w;
    }
    return true;
}

static bool
sync_dir_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    char dir[4096];
    int fd, rc;

    snprintf(dir, sizeof(dir), "%.*s", slash == NULL ? 1 : (int)MAX(slash - file, 1), slash == NULL ? "." : file);
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    rc = fsync(fd);
    close(fd);
    return rc == 0;
}

/* link(2) makes the complete file appear at once, and fails when somebody else was first: then his counts. */
static bool
create_key_file(const char *file)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char key[KEY_BYTES];
    char text[KEY_BYTES * 2 + 1], temp[4096];
    unsigned char salt[8];
    bool ok;
    int fd;

    rng_bytes(key, sizeof(key));
    rng_bytes(salt, sizeof(salt));
    for (size_t i = 0; i < KEY_BYTES; i++) {
        text[2 * i] = digits[key[i] >> 4];
        text[2 * i + 1] = digits[key[i] & 15];
    }
    text[KEY_BYTES * 2] = '\n';
    if (snprintf(temp, sizeof(temp), "%s.%02x%02x%02x%02x.new", file, salt[0], salt[1], salt[2], salt[3]) >=
        (int)sizeof(temp))
        return false;
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    ok = write_all(fd, text, sizeof(text)) && fsync(fd) == 0;
    close(fd);
    ok = ok && (link(temp, file) == 0 || errno == EEXIST);
    unlink(temp);
    crypto_wipe(key, sizeof(key));
    crypto_wipe(text, sizeof(text));
    return ok && sync_dir_of(file);
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum err
read_key(int fd, unsigned char key[KEY_BYTES], const char **why)
{
    char text[KEY_BYTES * 2 + 2];
    struct stat st;
    ssize_t n;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        *why = "the server key file is not a regular file";
        return ERR_INVALID;
    }
    if ((st.st_mode & 077) != 0) {
        *why = "the server key file can be read by others: set its mode to 0600";
        return ERR_INVALID;
    }
    n = read(fd, text, sizeof(text));
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    *why = "the server key file must hold 64 hexadecimal digits";
    if (n != KEY_BYTES * 2)
        return n < 0 ? ERR_INTERNAL : ERR_INVALID;
    for (size_t i = 0; i < KEY_BYTES; i++) {
        int hi = hex_value(text[2 * i]), lo = hex_value(text[2 * i + 1]);

        if (hi < 0 || lo < 0)
            return ERR_INVALID;
        key[i] = (unsigned char)(hi << 4 | lo);
    }
    crypto_wipe(text, sizeof(text));
    *why = "";
    return ERR_OK;
}

enum err
secret_box_open(const char *file, struct secret_box **out, const char **why)
{
    unsigned char key[KEY_BYTES];
    enum err e;
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT && create_key_file(file))
        fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *why = "the server key file cannot be read or made";
        return ERR_INTERNAL;
    }
    e = read_key(fd, key, why);
    close(fd);
    if (e == ERR_OK)
        e = secret_box_from_key((struct str){ (char *)key, sizeof(key) }, out);
    crypto_wipe(key, sizeof(key));
    return e;
}

enum err
secret_box_from_key(struct str key, struct secret_box **out)
{
    struct secret_box *b;

    if (key.n != KEY_BYTES)
        return ERR_INVALID;
    b = calloc(1, sizeof(*b));
    CHECK(b != NULL);
    memcpy(b->key, key.p, KEY_BYTES);
    *out = b;
    return ERR_OK;
}

void
secret_box_free(struct secret_box *b)
{
    if (b == NULL)
        return;
    crypto_wipe(b, sizeof(*b));
    free(b);
}

/* ---- sealing ------------------------------------------------------------------------------------------------------- */

static void
free_cipher(EVP_CIPHER_CTX **c)
{
    EVP_CIPHER_CTX_free(*c);
}

struct str
secret_box_seal(const struct secret_box *b, struct arena *a, struct str context, struct str plain)
{
    CLEANUP(free_cipher) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    unsigned char *out = arena_alloc(a, HEAD_BYTES + plain.n + TAG_BYTES, 1), *at = out + HEAD_BYTES;
    int n = 0;

    CHECK(c != NULL && plain.n < INT32_MAX / 2 && context.n < INT32_MAX / 2);
    out[0] = VERSION;
    rng_bytes(out + 1, NONCE_BYTES);
    CHECK(EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, b->key, out + 1) == 1);
    CHECK(EVP_EncryptUpdate(c, NULL, &n, (const unsigned char *)context.p, (int)context.n) == 1);
    if (plain.n > 0)
        CHECK(EVP_EncryptUpdate(c, at, &n, (const unsigned char *)plain.p, (int)plain.n) == 1 && n == (int)plain.n);
    CHECK(EVP_EncryptFinal_ex(c, at + plain.n, &n) == 1 && n == 0);
    CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, at + plain.n) == 1);
    return (struct str){ (char *)out, HEAD_BYTES + plain.n + TAG_BYTES };
}

enum err
secret_box_unseal(const struct secret_box *b, struct arena *a, struct str context, struct str sealed, struct str *out)
{
    CLEANUP(free_cipher) EVP_CIPHER_CTX *c = NULL;
    const unsigned char *in = (const unsigned char *)sealed.p;
    unsigned char tag[TAG_BYTES], *plain;
    size_t len;
    int n = 0;

    if (sealed.n < HEAD_BYTES + TAG_BYTES || sealed.n > INT32_MAX / 2 || in[0] != VERSION)
        return ERR_INVALID;
    len = sealed.n - HEAD_BYTES - TAG_BYTES;
    memcpy(tag, in + HEAD_BYTES + len, sizeof(tag));
    plain = arena_alloc(a, len + 1, 1);
    c = EVP_CIPHER_CTX_new();
    CHECK(c != NULL);
    CHECK(EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, b->key, in + 1) == 1);
    CHECK(EVP_DecryptUpdate(c, NULL, &n, (const unsigned char *)context.p, (int)context.n) == 1);
    if (len > 0)
        CHECK(EVP_DecryptUpdate(c, plain, &n, in + HEAD_BYTES, (int)len) == 1 && n == (int)len);
    CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1);
    if (EVP_DecryptFinal_ex(c, plain + len, &n) != 1) {
        crypto_wipe(plain, len);
        ERR_clear_error();
        return ERR_INVALID;
    }
    *out = (struct str){ (char *)plain, len };
    return ERR_OK;
}

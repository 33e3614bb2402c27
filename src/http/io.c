/* Bytes in and out of a connection, with or without TLS, and the queue of what the socket did not take. */
#include "base/blob.h"
#include "http/internal.h"

#include "os/file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { TLS_CHUNK_BYTES = 16 * 1024, SENDFILE_BYTES = 256 * 1024 };

static ssize_t
result(ssize_t n)
{
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? IO_AGAIN : IO_ERROR;
}

ssize_t
conn_read(struct conn *c, char *p, size_t n)
{
    ssize_t k;

    if (c->tls != NULL)
        return result(tls_read(c->tls, p, n));
    do
        k = recv(c->source.fd, p, n, 0);
    while (k < 0 && errno == EINTR);
    return result(k);
}

ssize_t
conn_write(struct conn *c, struct str head, struct str body)
{
    struct iovec v[2] = { { (char *)(uintptr_t)head.p, head.n }, { (char *)(uintptr_t)body.p, body.n } };
    struct msghdr m = { .msg_iov = v, .msg_iovlen = body.n > 0 ? 2 : 1 };
    ssize_t k;

    if (c->tls != NULL)
        return result(head.n > 0 ? tls_write(c->tls, head.p, head.n) : tls_write(c->tls, body.p, body.n));
    do
        k = sendmsg(c->source.fd, &m, MSG_NOSIGNAL);
    while (k < 0 && errno == EINTR);
    return result(k);
}

ssize_t
conn_send_file(struct conn *c, int fd, int64_t off, int64_t n)
{
    off_t at = off;
    ssize_t k;

    if (c->tls != NULL) {
        char chunk[TLS_CHUNK_BYTES];

        k = file_pread(fd, chunk, (size_t)MIN(n, TLS_CHUNK_BYTES), off);
        return k <= 0 ? IO_ERROR : result(tls_write(c->tls, chunk, (size_t)k));
    }
    do
        k = sendfile(c->source.fd, fd, &at, (size_t)MIN(n, SENDFILE_BYTES));
    while (k < 0 && errno == EINTR);
    return k == 0 ? IO_ERROR : result(k); /* 0: the file became shorter; the promised length cannot be kept */
}

static struct out *
append(struct conn *c)
{
    struct out *o = calloc(1, sizeof(*o));

    if (o == NULL)
        BUG("out of memory");
    o->fd = -1;
    if (c->out == NULL)
        c->out = o;
    else
        c->out_last->next = o;
    c->out_last = o;
    return o;
}

void
conn_queue_blob(struct conn *c, struct blob *b, size_t at)
{
    struct out *o;

    if (at == blob_str(b).n) {
        blob_unref(b);
        return;
    }
    o = append(c);
    o->blob = b;
    o->at = at;
    c->out_n += blob_str(b).n - at;
}

void
conn_queue_file(struct conn *c, int fd, int64_t off, int64_t n)
{
    struct out *o = append(c);

    o->fd = fd;
    o->off = off;
    o->n = n;
}

static void
drop_first(struct conn *c)
{
    struct out *o = c->out;

    c->out = o->next;
    if (o->blob != NULL)
        c->out_n -= blob_str(o->blob).n - o->at;
    blob_unref(o->blob);
    if (o->fd >= 0)
        close(o->fd);
    free(o);
}

void
conn_drop_queue(struct conn *c)
{
    while (c->out != NULL)
        drop_first(c);
}

enum flush_result
conn_flush(struct conn *c)
{
    int64_t turn = 0;

    while (c->out != NULL) {
        struct out *o = c->out;
        ssize_t k;

        if (turn > FLUSH_TURN_BYTES)
            return FLUSH_TURN;
        if (o->blob != NULL) {
            struct str s = blob_str(o->blob);

            k = conn_write(c, str_sub(s, o->at, s.n), STR_NONE);
            if (k > 0) {
                o->at += (size_t)k;
                c->out_n -= (size_t)k;
            }
            if (k >= 0 && o->at == s.n)
                drop_first(c);
        } else {
            k = conn_send_file(c, o->fd, o->off, o->n);
            if (k > 0) {
                o->off += k;
                o->n -= k;
            }
            if (k > 0 && o->n == 0)
                drop_first(c);
        }
        if (k < 0)
            return k == IO_AGAIN ? FLUSH_BLOCKED : FLUSH_ERROR;
        c->moved += k;
        turn += k;
    }
    return FLUSH_DONE;
}

/* Messages as frames, and back. */
#include "hub/frame.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { TEXT_MAX = HUB_TOPIC_BYTES_MAX + HUB_EVENT_BYTES_MAX + HUB_MESSAGE_BYTES_MAX + 2 };

enum kind { WHOLE = 'w', FIRST = 'f', MIDDLE = 'm', LAST = 'l', BEAT = 'b' };

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void
add(struct frame_list *l, struct arena *mem, struct str frame)
{
    if (l->n == l->cap) {
        struct str *v = arena_vec(mem, struct str, MAX(l->cap * 2, (size_t)16));

        if (l->n > 0)
            memcpy(v, l->v, l->n * sizeof(v[0]));
        l->v = v;
        l->cap = MAX(l->cap * 2, (size_t)16);
    }
    l->v[l->n++] = frame;
}

static void
add_piece(struct frame_writer *w, struct arena *mem, enum kind kind, struct str piece, struct frame_list *out)
{
    add(out, mem,
        str_fmt(mem, "1 %016llx %llu %c %.*s", (unsigned long long)w->sender, (unsigned long long)w->number, (char)kind,
            STR_ARG(piece)));
}

void
frame_write(struct frame_writer *w, struct arena *mem, const struct hub_message *m, struct frame_list *out)
{
    struct str text =
        str_fmt(mem, "%.*s\n%.*s\n%.*s", STR_ARG(m->topic), STR_ARG(m->event), STR_ARG(blob_str(m->blob)));
    size_t max = w->max - FRAME_HEAD_MAX;
    bool first = true;

    CHECK(w->max >= FRAME_BYTES_MIN);
    do {
        struct str piece = utf8_cut(text, max);
        bool last = piece.n == text.n;

        w->number++;
        add_piece(w, mem, first ? (last ? WHOLE : FIRST) : (last ? LAST : MIDDLE), piece, out);
        text = str_sub(text, piece.n, text.n);
        first = false;
    } while (text.n > 0);
}

void
frame_write_beat(struct frame_writer *w, struct arena *mem, struct frame_list *out)
{
    add_piece(w, mem, BEAT, S(""), out);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct frame {
    uint64_t sender, number;
    enum kind kind;
    struct str piece;
};

static bool
read_number(struct str s, int base, uint64_t *out)
{
    *out = 0;
    if (s.n == 0 || s.n > 19)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;

        if (digit >= base)
            return false;
        *out = *out * (uint64_t)base + (uint64_t)digit;
    }
    return true;
}

static bool
parse(struct str s, struct frame *f)
{
    struct str version, sender, number, kind;

    if (!str_cut(&s, ' ', &version) || !str_eqz(version, "1") || !str_cut(&s, ' ', &sender) || sender.n != 16 ||
        !read_number(sender, 16, &f->sender) || f->sender == 0 || !str_cut(&s, ' ', &number) ||
        !read_number(number, 10, &f->number) || !str_cut(&s, ' ', &kind) || kind.n != 1)
        return false;
    f->kind = (enum kind)kind.p[0];
    f->piece = s;
    return f->kind == WHOLE || f->kind == FIRST || f->kind == MIDDLE || f->kind == LAST || f->kind == BEAT;
}

static void
forget_pieces(struct frame_sender *s)
{
    free(s->p);
    s->p = NULL;
    s->n = 0;
    s->in_pieces = false;
}

/* The one with this id, or the one unheard for the longest time, which becomes it. */
static struct frame_sender *
find_sender(struct frame_reader *r, const struct frame *f, bool *is_new)
{
    struct frame_sender *oldest = &r->senders[0];

    *is_new = false;
    for (size_t i = 0; i < FRAME_SENDERS_MAX; i++) {
        struct frame_sender *s = &r->senders[i];

        if (s->id == f->sender)
            return s;
        if (s->id == 0 ? oldest->id != 0 : oldest->id != 0 && s->heard_mono_ms < oldest->heard_mono_ms)
            oldest = s;
    }
    forget_pieces(oldest);
    *oldest = (struct frame_sender){ .id = f->sender };
    *is_new = true;
    return oldest;
}

/* Put the piece behind those before it; *text is the message when that was the last. */
static bool
join(struct frame_sender *s, const struct frame *f, struct str *text)
{
    if (f->kind == WHOLE || f->kind == FIRST)
        forget_pieces(s);
    if (f->kind == WHOLE) {
        *text = f->piece;
        return true;
    }
    if (f->kind == FIRST)
        s->in_pieces = true;
    else if (!s->in_pieces)
        return false; /* its beginning is lost */
    if (s->n + f->piece.n > TEXT_MAX) {
        forget_pieces(s);
        return false;
    }
    s->p = realloc(s->p, s->n + f->piece.n + 1);
    if (s->p == NULL)
        BUG("out of memory");
    if (f->piece.n > 0) /* an empty piece has no address */
        memcpy(s->p + s->n, f->piece.p, f->piece.n);
    s->n += f->piece.n;
    *text = (struct str){ s->p, s->n };
    s->in_pieces = f->kind != LAST;
    return f->kind == LAST;
}

static bool
take_apart(struct str text, struct hub_message *out)
{
    if (!str_cut(&text, '\n', &out->topic) || !str_cut(&text, '\n', &out->event) || text.p == NULL)
        return false;
    if (out->topic.n == 0 || out->topic.n > HUB_TOPIC_BYTES_MAX || out->event.n > HUB_EVENT_BYTES_MAX ||
        text.n > HUB_MESSAGE_BYTES_MAX || memchr(out->topic.p, '\0', out->topic.n) != NULL)
        return false;
    out->blob = blob_new(text);
    return true;
}

enum frame_kind
frame_read(struct frame_reader *r, struct str frame, int64_t now_mono_ms, struct hub_message *out, bool *lost)
{
    struct frame_sender *s;
    struct frame f;
    struct str text;
    bool is_new, whole;

    *lost = false;
    if (!parse(frame, &f))
        return FRAME_NOTHING;
    if (f.sender == r->own)
        return FRAME_OWN;
    s = find_sender(r, &f, &is_new);
    s->heard_mono_ms = now_mono_ms;
    if (!is_new && f.kind != BEAT && f.number <= s->number)
        return FRAME_NOTHING; /* sent again, because it was not known to have arrived */
    *lost = !is_new && f.number > s->number + (f.kind != BEAT);
    if (*lost)
        forget_pieces(s);
    s->number = MAX(s->number, f.number);
    if (f.kind == BEAT)
        return FRAME_NOTHING;
    whole = join(s, &f, &text);
    return whole && take_apart(text, out) ? FRAME_MESSAGE : FRAME_NOTHING;
}

size_t
frame_senders(const struct frame_reader *r, int64_t since_mono_ms)
{
    size_t n = 0;

    for (size_t i = 0; i < FRAME_SENDERS_MAX; i++)
        n += r->senders[i].id != 0 && r->senders[i].heard_mono_ms >= since_mono_ms;
    return n;
}

void
frame_reader_done(struct frame_reader *r)
{
    for (size_t i = 0; i < FRAME_SENDERS_MAX; i++)
        forget_pieces(&r->senders[i]);
}

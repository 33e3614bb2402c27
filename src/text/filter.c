/* Keywords as a trie of their bytes; each state knows the longest other state that ends the same way. */
#include "text/filter.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/unicode.h"

#include <string.h>

struct state {
    uint32_t fail;    /* where to go on when no edge fits */
    uint32_t dict;    /* the nearest state along the fails that ends a keyword; 0: none */
    uint32_t keyword; /* 1 + the first that ends here; 0: none */
};

struct edge {
    uint32_t key; /* state << 8 | byte, never 0: the edges of state 0 are in `root` */
    uint32_t to;
};

struct word {
    uint32_t bytes;
    uint32_t next;   /* 1 + another keyword with the same text */
    bool start, end; /* there must be a boundary */
};

struct text_filter {
    struct state *states;
    size_t n_states;
    struct edge *edges; /* open addressing */
    size_t mask;
    struct word *words;
    uint32_t root[256];
};

static struct edge *
edge_at(const struct text_filter *f, uint32_t state, unsigned char byte)
{
    uint32_t key = state << 8 | byte;

    for (size_t i = (key * 2654435761U) & f->mask;; i = (i + 1) & f->mask)
        if (f->edges[i].key == key || f->edges[i].key == 0)
            return &f->edges[i];
}

static uint32_t
step(const struct text_filter *f, uint32_t state, unsigned char byte)
{
    if (state == 0)
        return f->root[byte];
    return edge_at(f, state, byte)->to;
}

/* ---- building -------------------------------------------------------------------------------------------------- */

/* How the trie was grown: states come after their parents. */
struct origin {
    uint32_t parent;
    unsigned char byte;
};

static uint32_t
grow(struct text_filter *f, struct origin *origins, uint32_t state, unsigned char byte)
{
    uint32_t to = step(f, state, byte);

    if (to != 0)
        return to;
    to = (uint32_t)f->n_states++;
    origins[to] = (struct origin){ state, byte };
    if (state == 0)
        f->root[byte] = to;
    else
        *edge_at(f, state, byte) = (struct edge){ state << 8 | byte, to };
    return to;
}

static bool
first_is_word(struct str s)
{
    uint32_t cp;

    return utf8_next(&s, &cp) && text_is_word(cp);
}

static bool
last_is_word(struct str s)
{
    size_t at = s.n;

    while (at > 0 && ((unsigned char)s.p[--at] & 0xc0) == 0x80)
        ;
    return first_is_word(str_sub(s, at, s.n));
}

static void
add(struct text_filter *f, struct origin *origins, size_t i, struct str folded, bool whole)
{
    uint32_t at = 0;

    if (folded.n == 0)
        return;
    for (size_t k = 0; k < folded.n; k++)
        at = grow(f, origins, at, (unsigned char)folded.p[k]);
    f->words[i] = (struct word){ (uint32_t)folded.n, f->states[at].keyword, whole && first_is_word(folded),
        whole && last_is_word(folded) };
    f->states[at].keyword = (uint32_t)i + 1;
}

/* Shorter states first, so that what a state falls back to is complete. */
static void
link_states(struct text_filter *f, struct arena *scratch, const struct origin *origins)
{
    uint32_t *depth = arena_vec(scratch, uint32_t, f->n_states), *order = arena_vec(scratch, uint32_t, f->n_states);
    uint32_t *count, deepest = 0;

    for (size_t i = 1; i < f->n_states; i++) {
        depth[i] = depth[origins[i].parent] + 1;
        deepest = MAX(deepest, depth[i]);
    }
    count = arena_vec(scratch, uint32_t, (size_t)deepest + 2);
    for (size_t i = 0; i < f->n_states; i++)
        count[depth[i] + 1]++;
    for (uint32_t d = 1; d <= deepest; d++)
        count[d + 1] += count[d];
    for (size_t i = 0; i < f->n_states; i++)
        order[count[depth[i]]++] = (uint32_t)i;
    for (size_t i = 1; i < f->n_states; i++) {
        uint32_t s = order[i], back = origins[s].parent, to = 0;

        while (back != 0 && to == 0) {
            back = f->states[back].fail;
            to = step(f, back, origins[s].byte);
        }
        f->states[s].fail = to == s ? 0 : to;
        to = f->states[s].fail;
        f->states[s].dict = f->states[to].keyword != 0 ? to : f->states[to].dict;
    }
}

struct text_filter *
text_filter_new(struct arena *a, struct arena *scratch, const struct text_keyword *v, size_t n)
{
    struct text_filter *f = arena_new(a, struct text_filter);
    struct str *folded = arena_vec(scratch, struct str, n);
    struct state *states;
    struct origin *origins;
    size_t bytes = 0, slots = 16;

    for (size_t i = 0; i < n; i++) {
        folded[i] = text_casefold(scratch, v[i].text);
        bytes += folded[i].n;
    }
    CHECK(bytes <= TEXT_FILTER_BYTES_MAX);
    while (slots < 2 * bytes)
        slots *= 2;
    states = arena_vec(scratch, struct state, bytes + 1);
    origins = arena_vec(scratch, struct origin, bytes + 1);
    f->states = states;
    f->n_states = 1;
    f->edges = arena_vec(a, struct edge, slots);
    f->mask = slots - 1;
    f->words = arena_vec(a, struct word, n);
    for (size_t i = 0; i < n; i++)
        add(f, origins, i, folded[i], v[i].whole_word);
    link_states(f, scratch, origins);
    f->states = arena_vec(a, struct state, f->n_states);
    memcpy(f->states, states, f->n_states * sizeof(states[0]));
    return f;
}

/* ---- searching ------------------------------------------------------------------------------------------------- */

static bool
fits(const struct word *w, struct str s, size_t end)
{
    if (w->start && last_is_word(str_sub(s, 0, end - w->bytes)))
        return false;
    return !w->end || !first_is_word(str_sub(s, end, s.n));
}

static void
report(const struct text_filter *f, uint32_t state, struct str s, size_t end, bool *hit)
{
    for (uint32_t at = f->states[state].keyword != 0 ? state : f->states[state].dict; at != 0; at = f->states[at].dict)
        for (uint32_t k = f->states[at].keyword; k != 0; k = f->words[k - 1].next)
            if (!hit[k - 1] && fits(&f->words[k - 1], s, end))
                hit[k - 1] = true;
}

void
text_filter_match(const struct text_filter *f, struct str folded, bool *hit)
{
    uint32_t state = 0, to;

    for (size_t i = 0; i < folded.n; i++) {
        unsigned char byte = (unsigned char)folded.p[i];

        while ((to = step(f, state, byte)) == 0 && state != 0)
            state = f->states[state].fail;
        state = to;
        if (f->states[state].keyword != 0 || f->states[state].dict != 0)
            report(f, state, folded, i + 1, hit);
    }
}

/* Messages as frames: what goes in comes out, in pieces too, and what is missing is known. */
#include "hub/frame.h"

#include "unit.h"

#include <string.h>

static void
write_text(struct frame_writer *w, const char *text, struct frame_list *out)
{
    struct blob *b = blob_new(str_z(text));

    frame_write(w, unit_mem(), &(struct hub_message){ S("user:7"), S("update"), b }, out);
    blob_unref(b);
}

/* Read one; the payload, or STR_NONE. */
static struct str
payload(struct frame_reader *r, struct str frame, bool *lost)
{
    struct hub_message m = { 0 };
    struct str text;

    if (frame_read(r, frame, 1, &m, lost) != FRAME_MESSAGE)
        return STR_NONE;
    assert_str(m.topic, "user:7");
    assert_str(m.event, "update");
    text = str_dup(unit_mem(), blob_str(m.blob));
    blob_unref(m.blob);
    return text;
}

UNIT(frames_bring_messages_whole_and_in_pieces)
{
    struct frame_writer w = { .sender = 0xabc, .max = FRAME_BYTES_MIN };
    struct frame_reader r = { .own = 1 };
    struct frame_list l = { 0 };
    char text[1001];
    bool lost;

    for (size_t i = 0; i < 1000; i++)
        text[i] = "\xc3\xa9"[i % 2]; /* no piece ends inside a letter */
    text[1000] = '\0';
    write_text(&w, "one", &l);
    write_text(&w, "", &l);
    assert_int_equal(l.n, 2);
    assert_str(payload(&r, l.v[0], &lost), "one");
    assert_false(lost);
    assert_str(payload(&r, l.v[1], &lost), "");
    l.n = 0;
    write_text(&w, text, &l);
    assert_true(l.n > 10);
    for (size_t i = 0; i + 1 < l.n; i++) {
        assert_true(l.v[i].n <= FRAME_BYTES_MIN);
        assert_null(payload(&r, l.v[i], &lost).p);
        assert_false(lost);
    }
    assert_str(payload(&r, l.v[l.n - 1], &lost), text);
    frame_reader_done(&r);
}

UNIT(frames_that_are_missing_or_come_twice_are_noticed)
{
    struct frame_writer w = { .sender = 0xabc, .max = FRAME_BYTES_MIN };
    struct frame_reader r = { .own = 1 };
    struct frame_list l = { 0 };
    bool lost;

    for (int i = 0; i < 4; i++)
        write_text(&w, "text", &l);
    frame_write_beat(&w, unit_mem(), &l);
    assert_str(payload(&r, l.v[1], &lost), "text");
    assert_false(lost); /* whoever begins to hear has missed nothing that it knows of */
    assert_null(payload(&r, l.v[1], &lost).p);
    assert_null(payload(&r, l.v[0], &lost).p);
    assert_false(lost);
    assert_str(payload(&r, l.v[3], &lost), "text");
    assert_true(lost);
    assert_null(payload(&r, l.v[4], &lost).p);
    assert_false(lost);
    w.number++; /* one that was left out */
    l.n = 0;
    frame_write_beat(&w, unit_mem(), &l);
    assert_null(payload(&r, l.v[0], &lost).p);
    assert_true(lost);
    assert_int_equal(frame_senders(&r, 1), 1);
    assert_int_equal(frame_senders(&r, 2), 0);
    frame_reader_done(&r);
}

UNIT(frames_in_pieces_without_their_beginning_are_no_message)
{
    struct frame_writer w = { .sender = 0xabc, .max = FRAME_BYTES_MIN };
    struct frame_reader r = { .own = 1 };
    struct frame_list l = { 0 };
    char text[200];
    bool lost;

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    write_text(&w, text, &l);
    assert_int_equal(l.n, 4);
    for (size_t i = 1; i < l.n; i++)
        assert_null(payload(&r, l.v[i], &lost).p);
    write_text(&w, text, &l);
    for (size_t i = 4; i < 7; i++)
        assert_null(payload(&r, l.v[i == 5 ? 4 : i], &lost).p); /* the second is missing */
    assert_true(lost);
    assert_null(payload(&r, l.v[7], &lost).p);
    write_text(&w, "next", &l);
    assert_str(payload(&r, l.v[8], &lost), "next");
    frame_reader_done(&r);
}

UNIT(frames_of_ones_own_and_junk_are_told_apart)
{
    static const char *const junk[] = { "", "1", "1 ", "1 0000000000000abc", "1 0000000000000abc 1",
        "1 0000000000000abc 1 w", "1 0000000000000abc 1 w topic", "1 0000000000000abc 2 w \n\nx",
        "1 0000000000000abc -1 w a\nb\nc", "1 0000000000000000 1 w a\nb\nc", "2 0000000000000abc 1 w a\nb\nc",
        "1 0000000000000abc 1 z a\nb\nc", "1 0000000000000abc 18446744073709551616 w a\nb\nc" };
    struct frame_writer w = { .sender = 1, .max = FRAME_BYTES_MIN };
    struct frame_reader r = { .own = 1 };
    struct frame_list l = { 0 };
    struct hub_message m;
    bool lost;

    for (size_t i = 0; i < lengthof(junk); i++)
        assert_int_equal(frame_read(&r, str_z(junk[i]), 1, &m, &lost), FRAME_NOTHING);
    frame_write_beat(&w, unit_mem(), &l);
    assert_int_equal(frame_read(&r, l.v[0], 1, &m, &lost), FRAME_OWN);
    frame_reader_done(&r);
}

UNIT(frames_of_more_senders_than_there_are_places_take_turns)
{
    struct frame_reader r = { .own = 1 };
    bool lost;

    for (uint64_t i = 0; i < FRAME_SENDERS_MAX * 3; i++) {
        struct frame_writer w = { .sender = 100 + i, .max = FRAME_BYTES_MIN };
        struct frame_list l = { 0 };

        write_text(&w, "text", &l);
        assert_str(payload(&r, l.v[0], &lost), "text");
    }
    assert_int_equal(frame_senders(&r, 0), FRAME_SENDERS_MAX);
    frame_reader_done(&r);
}

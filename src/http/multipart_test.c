#include "http/multipart.h"

#include "unit.h"

static enum err
parse(struct str body, const char *boundary, struct tree *t, struct uploads *u)
{
    *u = (struct uploads){ 0 };
    tree_init(t, unit_mem());
    return multipart_parse(t, body, -1, str_z(boundary), u);
}

#define CD "Content-Disposition: form-data; name=\"a\""

UNIT(multipart_refuses)
{
    static const struct {
        const char *body;
        enum err err;
    } cases[] = {
        { "", ERR_BAD_REQUEST },
        { "preamble\r\n--B\r\n" CD "\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--C--", ERR_BAD_REQUEST },
        { "--B", ERR_BAD_REQUEST },
        { "--B\n" CD "\n\nx\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\n\r\nx", ERR_BAD_REQUEST },           /* never closed */
        { "--B\r\n" CD "\r\n\r\nx\r\n--B", ERR_BAD_REQUEST },    /* cut in the boundary */
        { "--B\r\n" CD "\r\n\r\nx\r\n--Bx--", ERR_BAD_REQUEST }, /* another boundary that begins with ours */
        { "--B\r\n" CD "\r\nx\r\n--B--", ERR_BAD_REQUEST },      /* no empty line */
        { "--B\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },            /* no disposition */
        { "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\nContent-Disposition: form-datax; name=a\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "; name=\"b\"\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\n" CD "\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "; filename=\"x\"; filename=\"y\"\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "; filename=\"x\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "; filename*=UTF-8''%zz\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C--\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nx\r\n--B--", ERR_MEDIA_TYPE },
        { "--B\r\n" CD "\r\n folded: x\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\nno colon\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\n: x\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\n" CD "\r\n\r\n\xff\r\n--B--", ERR_BAD_REQUEST },
        { "--B\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--B--", ERR_BAD_REQUEST },
    };
    struct tree t;
    struct uploads u;

    for (size_t i = 0; i < lengthof(cases); i++) {
        enum err e = parse(str_z(cases[i].body), "B", &t, &u);

        if (e != cases[i].err)
            fail_msg("%zu: %s", i, err_name(e));
    }
    assert_int_equal(parse(S("----"), "", &t, &u), ERR_BAD_REQUEST);
    assert_int_equal(parse(S("--\x01--"), "\x01", &t, &u), ERR_BAD_REQUEST);
    assert_int_equal(parse(S("--B --"), "B ", &t, &u), ERR_BAD_REQUEST);
}

UNIT(multipart_long_boundary_and_heads)
{
    char *boundary = arena_alloc(unit_mem(), 72, 1), *junk = arena_alloc(unit_mem(), 20000, 1);
    struct tree t;
    struct uploads u;
    struct str body;

    memset(boundary, 'b', 70);
    body = str_fmt(unit_mem(), "--%s\r\n" CD "\r\n\r\nx\r\n--%s--", boundary, boundary);
    assert_int_equal(parse(body, boundary, &t, &u), ERR_OK);
    boundary[70] = 'b';
    body = str_fmt(unit_mem(), "--%s\r\n" CD "\r\n\r\nx\r\n--%s--", boundary, boundary);
    assert_int_equal(parse(body, boundary, &t, &u), ERR_BAD_REQUEST);
    memset(junk, 'j', 19999);
    body = str_fmt(unit_mem(), "--B\r\n" CD "\r\nX-Junk: %s\r\n\r\nx\r\n--B--", junk);
    assert_int_equal(parse(body, "B", &t, &u), ERR_TOO_LARGE);
}

UNIT(multipart_takes)
{
    struct tree t;
    struct uploads u;
    const struct val *v;

    /* An empty text, an empty file field, a file of nothing with a name, a line end in the content, a boundary look-alike. */
    assert_int_equal(
        parse(S("\r\n--B\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n\r\n"
                "--B\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n"
                "--B\r\nContent-Disposition: form-data; name=\"nil\"; filename=\"n\"\r\n\r\n\r\n"
                "--B\r\nContent-Disposition: form-data; name=\"q\\\"n\"\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                "\r\n-B\r\n--\r\n--b\r\n--B--"),
            "B", &t, &u),
        ERR_OK);
    v = tree_val(&t);
    assert_int_equal(v->n, 2);
    assert_true(val_has(v, S("e")) && val_str(val_get(v, S("e"))).n == 0);
    assert_str(val_str(val_get(v, S("q\"n"))), "\r\n-B\r\n--\r\n--b");
    assert_int_equal(u.n, 1);
    assert_str(u.v[0].name, "nil");
    assert_int_equal(u.v[0].n, 0);
}

UNIT(multipart_filenames)
{
    static const struct {
        const char *written, *clean;
    } cases[] = {
        { "filename=\"a.png\"", "a.png" },
        { "filename=a.png", "a.png" },
        { "FileName=\"../../etc/passwd\"", "passwd" },
        { "filename=\"C:\\Users\\x\\a b.png\"", "a b.png" },
        { "filename=\"a\\\"b;c.png\"", "a\"b;c.png" },
        { "filename=\"x\xff.png\"", "x\xef\xbf\xbd.png" },
        { "filename=\"x\"; filename*=UTF-8''na%C3%AFve%2F.png", ".png" },
        { "filename*=utf-8'en'na%C3%AFve.png", "na\xc3\xafve.png" },
        { "filename=\"a\xc2\x85\xe2\x81\xa6z\"", "az" },
    };
    struct tree t;
    struct uploads u;

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct str body = str_fmt(unit_mem(), "--B\r\n" CD "; %s\r\n\r\nx\r\n--B--", cases[i].written);

        if (parse(body, "B", &t, &u) != ERR_OK)
            fail_msg("refused: %s", cases[i].written);
        assert_int_equal(u.n, 1);
        assert_str(u.v[0].filename, cases[i].clean);
        assert_str(u.v[0].bytes, "x");
    }
}

UNIT(multipart_counts_parts)
{
    struct buf b;
    struct tree t;
    struct uploads u;

    buf_init(&b, unit_mem(), MB(4));
    for (int i = 0; i < 10000; i++)
        buf_putf(&b, "--B\r\n" CD "; filename=\"%d\"\r\n\r\nx\r\n", i);
    buf_putz(&b, "--B--");
    assert_int_equal(parse(buf_str(&b), "B", &t, &u), ERR_TOO_LARGE);
}

#include "http/params.h"

#include "http/fake_test.h"
#include "http/tree.h"

#include <unistd.h>

static const char *const visibilities[] = { "public", "unlisted", "private", NULL };

struct target {
    struct str status, spoiler_text;
    bool sensitive;
    int language_tri, visibility;
    int64_t number, in_reply_to_id;
    struct strs words;
    struct ids media_ids;
    const struct val *poll;
    struct upload file;
};

static const struct field fields[] = {
    FIELD(target, status, P_STR, .max = 10),
    FIELD(target, spoiler_text, P_STR),
    FIELD(target, sensitive, P_BOOL),
    FIELD_AS(target, language_tri, "tri", P_TRI),
    FIELD(target, visibility, P_ENUM, .extra = visibilities),
    FIELD(target, number, P_INT, .min = 1, .max = 100),
    FIELD(target, in_reply_to_id, P_ID),
    FIELD(target, words, P_STRS, .min = 5, .max = 3),
    FIELD(target, media_ids, P_IDS, .max = 4),
    FIELD(target, poll, P_VAL),
    FIELD(target, file, P_FILE),
};

static enum err
read_into(struct fake *f, struct target *t)
{
    *t = (struct target){ .language_tri = -1, .visibility = -1, .number = 7 };
    return params_read(&f->c, &f->r, fields, lengthof(fields), t);
}

static struct target
read_query(const char *query)
{
    struct fake *f = fake_new(query);
    struct target t;
    enum err e = read_into(f, &t);

    if (e != ERR_OK)
        fail_msg("%s: %s %.*s", query, err_name(e), STR_ARG(f->c.fail.detail));
    return t;
}

static struct target
read_body(const char *type, const char *body)
{
    struct fake *f = fake_new(NULL);
    struct target t;
    enum err e;

    fake_body(f, type, str_z(body));
    e = read_into(f, &t);
    if (e != ERR_OK)
        fail_msg("%s: %s %.*s", body, err_name(e), STR_ARG(f->c.fail.detail));
    return t;
}

static void
check_post(const struct target *t)
{
    assert_str(t->status, "h\xc3\xa9 &+");
    assert_true(t->sensitive);
    assert_int_equal(t->visibility, 2);
    assert_int_equal(t->in_reply_to_id, 42);
    assert_int_equal(t->media_ids.n, 2);
    assert_int_equal(t->media_ids.v[1], 9);
    assert_int_equal(t->words.n, 2);
    assert_str(t->words.v[0], "a");
    assert_str(val_str(val_at(val_get(t->poll, S("options")), 1)), "no");
    assert_str(val_get(t->poll, S("expires_in"))->s, "3600");
    assert_null(t->spoiler_text.p);
    assert_int_equal(t->language_tri, -1);
    assert_int_equal(t->number, 7);
    assert_int_equal(t->file.fd, -1);
}

UNIT(params_all_encodings_mean_the_same)
{
    static const char form[] =
        "status=h%C3%A9+%26%2B&sensitive=1&visibility=private&in_reply_to_id=42&media_ids[]=8&"
        "media_ids%5B%5D=9&words=a&words=b&poll[options][]=yes&poll[options][]=no&poll[expires_in]=3600&number=";
    static const char json[] =
        "{\"status\":\"h\\u00e9 &+\",\"sensitive\":true,\"visibility\":\"private\",\"in_reply_to_id\":\"42\","
        "\"media_ids\":[8,\"9\"],\"words\":[\"a\",\"b\"],\"poll\":{\"options\":[\"yes\",\"no\"],"
        "\"expires_in\":3600},\"spoiler_text\":null}";
    static const char numbered[] =
        "{\"status\":\"h\\u00e9 &+\",\"sensitive\":\"true\",\"visibility\":\"private\",\"in_reply_to_id\":42,"
        "\"media_ids\":{\"1\":9,\"0\":8},\"words\":{\"0\":\"a\",\"1\":\"b\"},\"poll\":{\"options\":"
        "{\"0\":\"yes\",\"1\":\"no\"},\"expires_in\":\"3600\"}}";
    static const char parts[] =
        "--B\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nh\xc3\xa9 &+\r\n"
        "--B\r\ncontent-disposition: form-data; name=sensitive\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\non\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"visibility\"\r\n\r\nprivate\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"in_reply_to_id\"\r\n\r\n42\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"media_ids[]\"\r\n\r\n8\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"media_ids[]\"\r\n\r\n9\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"words[0]\"\r\n\r\na\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"words[1]\"\r\n\r\nb\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"poll[options][0]\"\r\n\r\nyes\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"poll[options][1]\"\r\n\r\nno\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"poll[expires_in]\"\r\n\r\n3600\r\n--B--\r\n";
    struct target t;

    t = read_query(form);
    check_post(&t);
    t = read_body("application/x-www-form-urlencoded", form);
    check_post(&t);
    t = read_body("application/json; charset=utf-8", json);
    check_post(&t);
    t = read_body("application/vnd.x+json", numbered);
    check_post(&t);
    t = read_body("multipart/form-data; boundary=B", parts);
    check_post(&t);
}

UNIT(params_body_wins_over_query)
{
    struct fake *f = fake_new("status=query&spoiler_text=kept&words[]=q");
    struct target t;

    fake_body(f, "application/json", S("{\"status\":\"body\",\"words\":[]}"));
    assert_int_equal(read_into(f, &t), ERR_OK);
    assert_str(t.status, "body");
    assert_str(t.spoiler_text, "kept");
    assert_true(t.words.v != NULL && t.words.n == 0);
}

UNIT(params_empty_and_absent_differ_for_text)
{
    struct target t = read_query("status=&number=&visibility=&sensitive=&in_reply_to_id=&media_ids[]=&a&&=x");

    assert_true(t.status.p != NULL && t.status.n == 0);
    assert_int_equal(t.number, 7);
    assert_int_equal(t.visibility, -1);
    assert_int_equal(t.in_reply_to_id, 0);
    assert_true(t.media_ids.v != NULL && t.media_ids.n == 0);
    assert_null(t.words.v);
    assert_true(val_is_null(t.poll));
}

UNIT(params_refuse_with_mastodons_sentences)
{
    static const struct {
        const char *query, *text, *field;
    } cases[] = {
        { "status=12345678901", "Validation failed: Status is too long (maximum is 10 bytes)", "status" },
        { "status=a%00", "Validation failed: Status contains a NUL character", "status" },
        { "status[]=a", "Validation failed: Status is invalid", "status" },
        { "sensitive=maybe", "Validation failed: Sensitive is neither true nor false", "sensitive" },
        { "visibility=loud", "Validation failed: Visibility is not included in the list", "visibility" },
        { "number=abc", "Validation failed: Number is not a number", "number" },
        { "number=1e3", "Validation failed: Number is not a number", "number" },
        { "number=0", "Validation failed: Number must be greater than or equal to 1", "number" },
        { "number=101", "Validation failed: Number must be less than or equal to 100", "number" },
        { "in_reply_to_id=-4", "Validation failed: In reply to is not an id", "in_reply_to_id" },
        { "in_reply_to_id=18446744073709551616", "Validation failed: In reply to is not an id", "in_reply_to_id" },
        { "media_ids[]=1&media_ids[]=x", "Validation failed: Media ids is not a list of ids", "media_ids" },
        { "media_ids[a]=1", "Validation failed: Media ids is not a list", "media_ids" },
        { "words=1&words=2&words=3&words=4", "Validation failed: Words has too many items (maximum is 3)", "words" },
        { "words[]=123456", "Validation failed: Words is too long (maximum is 5 bytes)", "words" },
        { "words[][x]=1", "Validation failed: Words is invalid", "words" },
        { "file=text", "Validation failed: File is not a file", "file" },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct fake *f = fake_new(cases[i].query);
        struct target t;

        if (read_into(f, &t) != ERR_INVALID)
            fail_msg("taken: %s", cases[i].query);
        assert_str(f->c.fail.public_text, cases[i].text);
        assert_str(f->c.fail.field, cases[i].field);
    }
}

UNIT(params_required)
{
    static const struct field one[] = { FIELD(target, status, P_STR, .required = true) };
    static const char *const blank[] = { NULL, "status=", "status=%20%0a", "status" };
    struct target t;

    for (size_t i = 0; i < lengthof(blank); i++) {
        struct fake *f = fake_new(blank[i]);

        assert_int_equal(params_read(&f->c, &f->r, one, 1, &t), ERR_INVALID);
        assert_str(f->c.fail.public_text, "Validation failed: Status can't be blank");
    }
}

UNIT(params_refuse_bad_sources)
{
    static const struct {
        const char *type, *body;
        enum err err;
    } cases[] = {
        { "application/json", "{", ERR_BAD_REQUEST },
        { "application/json", "[]", ERR_BAD_REQUEST },
        { "application/json", "{\"a\":NaN}", ERR_BAD_REQUEST },
        { "application/json", "\xef\xbb\xbf{}", ERR_BAD_REQUEST },
        { "application/json; charset=utf-16", "{}", ERR_MEDIA_TYPE },
        { "application/x-www-form-urlencoded; charset=UTF-7", "a=b", ERR_MEDIA_TYPE },
        { "text/plain", "a=b", ERR_MEDIA_TYPE },
        { "application/x-www-form-urlencoded", "a=%", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a=%zz", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a=%ff", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "%ff=a", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a=1&a[b]=2", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a[]=1&a[b]=2", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a[]=1&a[][b]=2", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a[b]=1&a=2", ERR_BAD_REQUEST },
        { "application/x-www-form-urlencoded", "a[][][][][][][][]=1", ERR_OK },
        { "application/x-www-form-urlencoded", "a[][][][][][][][][]=1", ERR_TOO_LARGE },
        { "multipart/form-data", "--B--", ERR_BAD_REQUEST },
        { "multipart/form-data; boundary=B; boundary=C", "--B--", ERR_BAD_REQUEST },
        { "multipart/form-data; boundary=B", "", ERR_OK },
        { "multipart/form-data; boundary=B", "--B--", ERR_OK },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct fake *f = fake_new(NULL);
        enum err e;

        fake_body(f, cases[i].type, str_z(cases[i].body));
        e = params_tree(&f->c, &f->r);
        if (e != cases[i].err)
            fail_msg("%s: %s", cases[i].body, err_name(e));
    }
    {
        struct fake *f = fake_new(NULL);

        fake_body(f, "application/json", S("{}"));
        fake_header(f, "Content-Encoding", "gzip");
        assert_int_equal(params_tree(&f->c, &f->r), ERR_MEDIA_TYPE);
    }
}

UNIT(params_count_keys)
{
    struct buf b;
    struct fake *f;

    buf_init(&b, unit_mem(), MB(1));
    for (int i = 0; i < PARAMS_KEYS_MAX; i++)
        buf_putf(&b, "k%d=%d&", i, i);
    f = fake_new(NULL);
    f->r.query = buf_str(&b);
    assert_int_equal(params_tree(&f->c, &f->r), ERR_OK);
    assert_str(val_str(val_get(f->r.args, S("k999"))), "999");
    buf_putz(&b, "one=more");
    f = fake_new(NULL);
    f->r.query = buf_str(&b);
    assert_int_equal(params_tree(&f->c, &f->r), ERR_TOO_LARGE);
    f = fake_new("a=1"); /* query and body share the limit */
    fake_body(f, "application/x-www-form-urlencoded", str_sub(buf_str(&b), 0, b.n - 8));
    assert_int_equal(params_tree(&f->c, &f->r), ERR_TOO_LARGE);
}

UNIT(params_lists_of_objects)
{
    struct fake *f = fake_new("f[][name]=a&f[][value]=1&f[][name]=b&g[1][x]=B&g[0][x]=A&h[x=1&i]=2&j[k]l=3");
    const struct val *list, *g;

    assert_int_equal(params_tree(&f->c, &f->r), ERR_OK);
    list = val_get(f->r.args, S("f"));
    assert_int_equal(list->n, 2);
    assert_str(val_str(val_get(val_at(list, 0), S("value"))), "1");
    assert_str(val_str(val_get(val_at(list, 1), S("name"))), "b");
    g = tree_arrays(unit_mem(), val_get(f->r.args, S("g")));
    assert_int_equal(g->kind, VAL_ARR);
    assert_str(val_str(val_get(val_at(g, 0), S("x"))), "A");
    assert_str(val_str(val_get(f->r.args, S("h[x"))), "1"); /* brackets that do not match stand for themselves */
    assert_str(val_str(val_get(f->r.args, S("i]"))), "2");
    assert_str(val_str(val_get(f->r.args, S("j[k]l"))), "3");
}

static const char upload_body[] =
    "--x y\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nhi\r\n"
    "--x y \t\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\dir\\a\xe2\x80\xae\x01"
    "gpj.exe\"\r\nContent-Type: image/png\r\n\r\nline\r\n--x\r\nmore\r\n--x y--\r\nepilogue";

static void
check_upload(const struct fake *f, const struct target *t)
{
    assert_str(t->status, "hi");
    assert_str(t->file.filename, "agpj.exe");
    assert_str(t->file.content_type, "image/png");
    assert_int_equal(t->file.n, 15);
}

UNIT(params_upload_in_memory)
{
    struct fake *f = fake_new(NULL);
    struct target t;

    fake_body(f, "multipart/form-data; boundary=\"x y\"", str_z(upload_body));
    assert_int_equal(read_into(f, &t), ERR_OK);
    check_upload(f, &t);
    assert_int_equal(t.file.fd, -1);
    assert_str(t.file.bytes, "line\r\n--x\r\nmore");
}

UNIT(params_upload_spooled)
{
    struct fake *f = fake_new(NULL);
    char path[] = "/tmp/dassie-unit-XXXXXX", got[15];
    struct target t;

    fake_body(f, "multipart/form-data; boundary=\"x y\"", STR_NONE);
    f->r.body_fd = mkstemp(path);
    assert_true(f->r.body_fd >= 0);
    unlink(path);
    f->r.body_n = (int64_t)sizeof(upload_body) - 1;
    assert_int_equal(write(f->r.body_fd, upload_body, sizeof(upload_body) - 1), f->r.body_n);
    assert_int_equal(read_into(f, &t), ERR_OK);
    check_upload(f, &t);
    assert_int_equal(t.file.fd, f->r.body_fd);
    assert_null(t.file.bytes.p);
    assert_int_equal(pread(t.file.fd, got, sizeof(got), (off_t)t.file.off), 15);
    assert_memory_equal(got, "line\r\n--x\r\nmore", 15);
    close(f->r.body_fd);
}

/* See tool.h.  This process enters the box first; what it starts inherits it. */
#include "media/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/box.h"

enum { ARGS_MAX = 64, FRAMES_PER_SECOND_MAX = 120, CPU_S = 900, NICE = 10 };

static const uint64_t memory_max = 3ull << 30, file_max = 256ull << 20;

static const char *const demuxers[MT_COUNT] = {
    [MT_GIF] = "gif",
    [MT_MP4] = "mov",
    [MT_MOV] = "mov",
    [MT_3GP] = "mov",
    [MT_M4A] = "mov",
    [MT_WEBM] = "matroska",
    [MT_OGV] = "ogg",
    [MT_OGG] = "ogg",
    [MT_MP3] = "mp3",
    [MT_WAV] = "wav",
    [MT_FLAC] = "flac",
    [MT_AAC] = "aac",
};

/* What ffprobe says, or zeros. */
struct facts {
    bool video, cover, audio;
    char video_codec[16], audio_codec[16], pixels[16];
    int64_t width, height, fps;
    double duration_s;
};

struct tool {
    const struct wire_job *job;
    const int *fds;
    int64_t deadline_ms;
    struct facts facts;
    struct wire_reply r;
    char in[24], file[24], small[24];
};

struct args {
    const char *v[ARGS_MAX + 1];
    size_t n;
};

static void
add(struct args *a, const char *const *list)
{
    for (; *list != NULL; list++) {
        CHECK(a->n < ARGS_MAX);
        a->v[a->n++] = *list;
    }
}
#define ADD(a, ...) add((a), (const char *const[]){ __VA_ARGS__, NULL })

static bool
fail(struct tool *t, enum wire_verdict v, const char *cause)
{
    t->r.verdict = v;
    snprintf(t->r.cause, sizeof(t->r.cause), "%s", cause);
    return false;
}

/* Start, wait until the deadline, kill.  SIGCHLD is blocked.  out: descriptor for its standard output, or -1. */
static bool
run(struct tool *t, struct args *a, int out)
{
    pid_t pid = fork();
    int status = 0;
    sigset_t child;

    if (pid < 0)
        return fail(t, WIRE_INTERNAL, "cannot fork");
    if (pid == 0) {
        sigset_t none;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(WIRE_CHILD_FD);
        close(t->fds[WIRE_FD_REPLY]);
        if (out >= 0)
            dup2(out, 1);
        if (box_limit_memory(memory_max))
            execvp(a->v[0], (char *const *)(uintptr_t)a->v);
        _exit(EX_UNAVAILABLE);
    }
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    while (waitpid(pid, &status, WNOHANG) != pid) {
        int64_t left = t->deadline_ms - clock_mono_ms();
        struct timespec ts = { .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };

        if (left > 0 && (sigtimedwait(&child, NULL, &ts) >= 0 || errno == EINTR))
            continue;
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        return fail(t, WIRE_TIMEOUT, a->v[0]);
    }
    if (WIFSIGNALED(status)) {
        t->r.signal = WTERMSIG(status);
        return fail(t, WIRE_CRASHED, a->v[0]);
    }
    if (WEXITSTATUS(status) == EX_UNAVAILABLE)
        return fail(t, WIRE_INTERNAL, "ffmpeg is missing");
    return WEXITSTATUS(status) == 0 ? true : fail(t, WIRE_REFUSED, a->v[0]);
}

static void
set(char out[16], struct str v)
{
    snprintf(out, 16, "%.*s", STR_ARG(v));
}

/* One stream of "codec_name=h264|codec_type=video|width=…", or the format's "duration=1.5". */
static void
read_line(struct facts *f, struct str line)
{
    struct str rest = line, field, codec = STR_NONE, type = STR_NONE, pixels = STR_NONE;
    int64_t width = 0, height = 0, rate = 0, per = 0, cover = 0;

    while (str_cut(&rest, '|', &field)) {
        struct str value = field, key = STR_NONE, number = STR_NONE;

        str_cut(&value, '=', &key);
        if (value.p == NULL)
            continue;
        if (str_eqz(key, "codec_name"))
            codec = value;
        else if (str_eqz(key, "codec_type"))
            type = value;
        else if (str_eqz(key, "pix_fmt"))
            pixels = value;
        else if (str_eqz(key, "width"))
            (void)str_int(value, &width);
        else if (str_eqz(key, "height"))
            (void)str_int(value, &height);
        else if (str_eqz(key, "disposition:attached_pic"))
            (void)str_int(value, &cover);
        else if (str_eqz(key, "avg_frame_rate") && str_cut(&value, '/', &number) && str_int(number, &rate))
            (void)str_int(value, &per);
        else if (str_eqz(key, "duration") && value.n < 30) {
            char text[32];

            snprintf(text, sizeof(text), "%.*s", STR_ARG(value));
            f->duration_s = strtod(text, NULL);
        }
    }
    if (str_eqz(type, "audio") && !f->audio) {
        f->audio = true;
        set(f->audio_codec, codec);
    } else if (str_eqz(type, "video") && cover != 0) {
        f->cover = true;
    } else if (str_eqz(type, "video") && !f->video) {
        f->video = true;
        set(f->video_codec, codec);
        set(f->pixels, pixels);
        f->width = width;
        f->height = height;
        f->fps = per > 0 ? rate / per : 0;
    }
}

static bool
probe(struct tool *t)
{
    struct facts *f = &t->facts;
    struct args a = { .n = 0 };
    char text[8192];
    struct str rest, line;
    ssize_t n;
    int out = memfd_create("ffprobe", 0);

    ADD(&a, "ffprobe", "-v", "quiet", "-protocol_whitelist", "file", "-f", demuxers[t->job->type], "-show_entries",
        "stream=codec_type,codec_name,width,height,pix_fmt,avg_frame_rate:stream_disposition=attached_pic:format="
        "duration",
        "-of", "compact=print_section=0", t->in);
    if (!run(t, &a, out))
        return false;
    n = pread(out, text, sizeof(text), 0);
    close(out);
    rest = (struct str){ text, n > 0 ? (size_t)n : 0 };
    while (str_cut(&rest, '\n', &line))
        read_line(f, line);
    if (!f->video && !f->audio)
        return fail(t, WIRE_REFUSED, "no stream that can be played");
    if (f->video && (f->width < 1 || f->height < 1 || f->width > MEDIA_SIDE_MAX || f->height > MEDIA_SIDE_MAX ||
                        f->width * f->height > MEDIA_STORED_PIXELS_MAX || f->fps > FRAMES_PER_SECOND_MAX))
        return fail(t, WIRE_REFUSED, "too many pixels or frames");
    if (!(f->duration_s >= 0 && f->duration_s <= 24 * 3600))
        return fail(t, WIRE_REFUSED, "too long");
    return true;
}

static bool
is(const char *s, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(s, *list) == 0)
            return true;
    return false;
}
#define IS(s, ...) is((s), (const char *const[]){ __VA_ARGS__, NULL })

static void
begin(struct tool *t, struct args *a)
{
    ADD(a, "ffmpeg", "-v", "quiet", "-nostdin", "-y", "-protocol_whitelist", "file", "-f", demuxers[t->job->type], "-i",
        t->in, "-threads", "2", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v",
        "+bitexact", "-flags:a", "+bitexact");
}

/* Streams every browser plays are copied; the rest becomes H.264 and AAC. */
static bool
convert_video(struct tool *t)
{
    const struct facts *f = &t->facts;
    bool webm = t->job->type == MT_WEBM && IS(f->video_codec, "vp8", "vp9", "av1") &&
                (!f->audio || IS(f->audio_codec, "vorbis", "opus"));
    bool copy_video = webm || (strcmp(f->video_codec, "h264") == 0 && strcmp(f->pixels, "yuv420p") == 0);
    bool copy_audio = webm || strcmp(f->audio_codec, "aac") == 0;
    bool gifv = t->job->type == MT_GIF;
    struct args a = { .n = 0 };

    begin(t, &a);
    ADD(&a, "-map", "0:v:0", "-map_metadata:s:v", "-1");
    if (copy_video)
        ADD(&a, "-c:v", "copy");
    else
        ADD(&a, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-vf",
            gifv ? "scale=w='2*trunc(iw*min(1,sqrt(921600/(iw*ih)))/2+0.5)':h='2*trunc(ih*min(1,sqrt(921600/(iw*ih)))/"
                   "2+0.5)'"
                 : "scale=w='max(2,2*trunc(iw/2))':h='max(2,2*trunc(ih/2))'",
            "-fpsmax", "60");
    if (f->audio && !gifv) {
        ADD(&a, "-map", "0:a:0", "-map_metadata:s:a", "-1", "-c:a", copy_audio ? "copy" : "aac");
        if (!copy_audio)
            ADD(&a, "-b:a", "192k");
    }
    if (webm)
        ADD(&a, "-f", "webm", t->file);
    else
        ADD(&a, "-movflags", "+faststart", "-f", "mp4", t->file);
    t->r.file.type = webm ? MT_WEBM : MT_MP4;
    t->r.kind = gifv ? MEDIA_GIFV : MEDIA_VIDEO;
    return run(t, &a, -1);
}

static bool
convert_audio(struct tool *t)
{
    struct args a = { .n = 0 };

    begin(t, &a);
    ADD(&a, "-map", "0:a:0", "-map_metadata:s:a", "-1", "-id3v2_version", "0", "-write_id3v1", "0");
    if (strcmp(t->facts.audio_codec, "mp3") == 0)
        ADD(&a, "-c:a", "copy");
    else
        ADD(&a, "-c:a", "libmp3lame", "-q:a", "2");
    ADD(&a, "-f", "mp3", t->file);
    t->r.file.type = MT_MP3;
    t->r.kind = MEDIA_AUDIO;
    return run(t, &a, -1);
}

/* A frame or cover for the image decoder; a file without one is as good. */
static void
take_frame(struct tool *t)
{
    struct args a = { .n = 0 };
    struct wire_reply done = t->r;

    begin(t, &a);
    ADD(&a, "-map", "0:v:0", "-frames:v", "1", "-vf",
        "scale='min(640,iw)':'min(640,ih)':force_original_aspect_ratio=decrease", "-c:v", "mjpeg", "-q:v", "3",
        "-pix_fmt", "yuvj420p", "-f", "image2pipe", t->small);
    (void)run(t, &a, -1);
    t->r = done;
}

static bool
work(struct tool *t)
{
    const struct box_limits limits = { .cpu_s = CPU_S, .file_bytes = file_max, .fds = 64 };
    const struct facts *f = &t->facts;
    struct stat st;

    if (t->job->type >= MT_COUNT || demuxers[t->job->type] == NULL)
        return fail(t, WIRE_REFUSED, "not a type for ffmpeg");
    if (!box_set_limits(&limits) ||
        !box_keep_programs(t->fds[WIRE_FD_IN], t->fds[WIRE_FD_FILE], t->fds[WIRE_FD_SMALL]) || !box_filter(BOX_TOOL))
        return fail(t, WIRE_INTERNAL, "cannot enter the box");
    if (!probe(t) || !(f->video ? convert_video(t) : convert_audio(t)))
        return false;
    if (f->video || f->cover)
        take_frame(t);
    if (fstat(t->fds[WIRE_FD_FILE], &st) != 0 || st.st_size == 0)
        return fail(t, WIRE_REFUSED, "nothing came out");
    t->r.file.width = (uint32_t)f->width;
    t->r.file.height = (uint32_t)f->height;
    t->r.duration_ms = (int64_t)(f->duration_s * 1000);
    t->r.verdict = WIRE_DONE;
    return true;
}

int
tool_run(const struct wire_job *job, const int fds[WIRE_FD_COUNT])
{
    struct tool t = {
        .job = job,
        .fds = fds,
        .deadline_ms = clock_mono_ms() + job->wall_ms,
        .r = { .magic = WIRE_MAGIC, .verdict = WIRE_STARTED },
    };
    sigset_t child;

    wire_tell(fds[WIRE_FD_REPLY], &t.r);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    (void)setpriority(PRIO_PROCESS, 0, NICE);
    snprintf(t.in, sizeof(t.in), "/dev/fd/%d", fds[WIRE_FD_IN]);
    snprintf(t.file, sizeof(t.file), "/dev/fd/%d", fds[WIRE_FD_FILE]);
    snprintf(t.small, sizeof(t.small), "/dev/fd/%d", fds[WIRE_FD_SMALL]);
    (void)work(&t);
    wire_tell(fds[WIRE_FD_REPLY], &t.r);
    return 0;
}

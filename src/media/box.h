/*
 * The box: what a process gives up before it touches a stranger's file.  Only for the media child, never for the server.
 * Limits (setrlimit), no files and no network (Landlock where the kernel has it), an allow-list of system calls (seccomp).
 */
#ifndef MEDIA_BOX_H
#define MEDIA_BOX_H

#include "base/def.h"

enum box_kind {
    BOX_ZYGOTE,  /* forks workers, passes messages; parses nothing */
    BOX_DECODER, /* computes, reads and writes open descriptors */
    BOX_TOOL,    /* ffmpeg: may open and start what box_keep_programs left */
};

struct box_limits {
    uint64_t memory_bytes; /* address space; 0: as it is (sanitizers need terabytes) */
    uint32_t cpu_s;
    uint64_t file_bytes; /* largest file it may write */
    uint32_t fds;        /* highest descriptor + 1 */
};

/* The address space alone: for a program about to be started, whose starter may need more (sanitizers do). */
NODISCARD bool box_limit_memory(uint64_t bytes);
/* False when the kernel refused: then the process must not go on. */
NODISCARD bool box_set_limits(const struct box_limits *l);
/* No path can be opened, no TCP port bound or reached, no process outside signalled.  True also when the kernel has no Landlock:
 * seccomp alone then denies every call that takes a path. */
NODISCARD bool box_drop_files(void);
/* Of all files only: read and run /usr and the loader's, read `in`, write `file` and `small` (regular files, opened by
 * descriptor or again through /dev/fd).  Without Landlock true as well: then the named demuxer and ffmpeg's own protocol list stand. */
NODISCARD bool box_keep_programs(int in, int file, int small);
/* From here on only what the kind needs.  Harmless probes (open, stat) fail with EACCES, unknown calls with ENOSYS; network, exec,
 * ptrace and the like kill the process.  A tool may call anything but those.  Stacks: a zygote's worker becomes a decoder on top. */
NODISCARD bool box_filter(enum box_kind kind);

#endif

/*
 * Sound, video and moving GIFs: ffprobe and ffmpeg, started in a box of their own.  The programs are large, start threads and open
 * files, so the box is looser than that of the image decoder: it may read /usr and run what is there, and write the two output
 * descriptors; no network, no other file.  The demuxer is named from the probed type, so that no playlist is ever followed.
 */
#ifndef MEDIA_TOOL_H
#define MEDIA_TOOL_H

#include "media/wire.h"

/* Run one job with mode WIRE_TOOL and report on fds[WIRE_FD_REPLY].  FILE gets the converted file, SMALL a JPEG of one frame (or of
 * a cover), or nothing.  Returns the exit code; the process ends after it. */
int tool_run(const struct wire_job *job, const int fds[WIRE_FD_COUNT]);

#endif

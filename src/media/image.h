/* The decoder's work, inside the box: one picture in, one or two files out.  Frees nothing: the process ends after it. */
#ifndef MEDIA_IMAGE_H
#define MEDIA_IMAGE_H

#include "media/wire.h"

/*
 * image_run — decode, turn upright, convert to sRGB, scale by the purpose's rule, strip, encode.
 *
 * job   purpose and type are valid; bytes is the size of in
 * file_fd, small_fd   empty files to write to
 * r     filled with the verdict: WIRE_DONE, WIRE_REFUSED, WIRE_INTERNAL
 */
void image_run(const struct wire_job *job, const void *in, int file_fd, int small_fd, struct wire_reply *r);

#endif

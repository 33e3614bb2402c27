/* What becomes of a file, by what it is for: one table for the server, the child and the instance document. */
#ifndef MEDIA_RULES_H
#define MEDIA_RULES_H

#include "base/def.h"

enum media_purpose {
    MEDIA_FOR_POST,   /* attachment: the file and a thumbnail */
    MEDIA_FOR_AVATAR, /* 400 × 400 from the centre, and a still one when it moves */
    MEDIA_FOR_HEADER, /* 1500 × 500 from the centre, and a still one when it moves */
    MEDIA_FOR_EMOJI,  /* and a still PNG */
    MEDIA_FOR_THUMB,  /* somebody's own thumbnail for sound or video */
    MEDIA_FOR_CARD,   /* picture of a link preview */
    MEDIA_PURPOSE_COUNT
};

enum {
    MEDIA_IMAGE_BYTES_MAX = 16 << 20,
    MEDIA_AVATAR_BYTES_MAX = 8 << 20,
    MEDIA_EMOJI_BYTES_MAX = 256 << 10,
    MEDIA_AV_BYTES_MAX = 99 << 20,
    MEDIA_IMAGE_PIXELS_MAX = 7680 * 4320,  /* accepted */
    MEDIA_STORED_PIXELS_MAX = 3840 * 2160, /* kept */
    MEDIA_THUMB_PIXELS_MAX = 640 * 360,
    MEDIA_GIFV_PIXELS_MAX = 1280 * 720,     /* of one frame, kept */
    MEDIA_SIDE_MAX = 32767,                 /* accepted width or height */
    MEDIA_GIFV_FRAMES_MAX = 4096,           /* of a GIF that becomes a film; libvips counts no further */
    MEDIA_FRAMES_MAX = 1000,                /* of an animation */
    MEDIA_MOVING_PIXELS_MAX = 64 * 1000000, /* all frames of an attachment together */
    MEDIA_MOVING_SMALL_PIXELS_MAX =
        24 * 1000000, /* made of an avatar, header or emoji; beyond, its first frame is kept */
};

enum media_fit { FIT_AREA, FIT_INSIDE, FIT_CROP };
enum media_small { SMALL_NONE, SMALL_THUMB, SMALL_STILL /* when animated */, SMALL_STILL_ALWAYS };

struct media_rule {
    size_t bytes_max; /* of a picture given to us */
    enum media_fit fit;
    int width, height; /* FIT_INSIDE, FIT_CROP */
    int pixels;        /* FIT_AREA */
    enum media_small small;
    size_t out_bytes_max; /* of the file made; 0: no limit of its own */
    bool moving;          /* animations stay animations */
};

extern const struct media_rule media_rules[MEDIA_PURPOSE_COUNT];

#endif

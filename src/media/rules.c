/* See rules.h. */
#include "media/rules.h"

const struct media_rule media_rules[MEDIA_PURPOSE_COUNT] = {
    [MEDIA_FOR_POST] = {
        .bytes_max = MEDIA_IMAGE_BYTES_MAX,
        .fit = FIT_AREA,
        .pixels = MEDIA_STORED_PIXELS_MAX,
        .small = SMALL_THUMB,
        .moving = true,
    },
    [MEDIA_FOR_AVATAR] = {
        .bytes_max = MEDIA_AVATAR_BYTES_MAX,
        .fit = FIT_CROP,
        .width = 400,
        .height = 400,
        .small = SMALL_STILL,
        .moving = true,
    },
    [MEDIA_FOR_HEADER] = {
        .bytes_max = MEDIA_AVATAR_BYTES_MAX,
        .fit = FIT_CROP,
        .width = 1500,
        .height = 500,
        .small = SMALL_STILL,
        .moving = true,
    },
    [MEDIA_FOR_EMOJI] = {
        .bytes_max = MEDIA_EMOJI_BYTES_MAX,
        .fit = FIT_INSIDE,
        .width = 256,
        .height = 256,
        .small = SMALL_STILL_ALWAYS,
        .out_bytes_max = MEDIA_EMOJI_BYTES_MAX,
        .moving = true,
    },
    [MEDIA_FOR_THUMB] = {
        .bytes_max = MEDIA_IMAGE_BYTES_MAX,
        .fit = FIT_AREA,
        .pixels = MEDIA_THUMB_PIXELS_MAX,
    },
    [MEDIA_FOR_CARD] = {
        .bytes_max = MEDIA_AVATAR_BYTES_MAX,
        .fit = FIT_AREA,
        .pixels = MEDIA_THUMB_PIXELS_MAX,
    },
};

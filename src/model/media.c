#include "model/media.h"

const char *const media_kind_names[] = { "unknown", "image", "gifv", "video", "audio", NULL };

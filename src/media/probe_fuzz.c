/* Any bytes: no read past the end, and the answer has a row. */
#include "media/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum media_type t = media_probe((struct str){ (const char *)data, n });

    CHECK(t == MT_NONE || (media_type_mime(t) != NULL && media_type_by_ext(str_z(media_type_ext(t))) == t));
    return 0;
}

/* Frames from a bus, one after the other with a NUL between them: any bytes give a message within its limits, or nothing. */
#include "hub/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct frame_reader r; /* as large as its senders */
    struct str rest = { (const char *)data, n }, frame;
    int64_t now = 0;

    r = (struct frame_reader){ .own = 1 };
    while (str_cut(&rest, '\0', &frame)) {
        struct hub_message m = { 0 };
        bool lost;

        if (frame_read(&r, frame, ++now, &m, &lost) != FRAME_MESSAGE)
            continue;
        if (m.topic.n == 0 || m.topic.n > HUB_TOPIC_BYTES_MAX || m.event.n > HUB_EVENT_BYTES_MAX ||
            blob_str(m.blob).n > n)
            abort();
        blob_unref(m.blob);
    }
    frame_reader_done(&r);
    return 0;
}

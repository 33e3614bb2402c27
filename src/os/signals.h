/*
 * Signals as a descriptor.  Call signals_block before the first thread starts; the main thread then waits with signals_wait
 * or adds the descriptor to a loop.
 */
#ifndef OS_SIGNALS_H
#define OS_SIGNALS_H

#include "base/err.h"

/* Block SIGTERM, SIGINT, SIGHUP, SIGUSR1 in this thread and its children threads, ignore SIGPIPE; *fd becomes readable for one. */
NODISCARD enum err signals_block(int *fd);
/* The next signal's number; waits at most timeout_ms (< 0: for ever), 0 when none came. */
int signals_wait(int fd, int64_t timeout_ms);
/* In a child process after fork: default mask and handlers. */
void signals_reset(void);

#endif

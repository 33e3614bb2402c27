/*
 * The media child: `dassie media-child`, started by the pool with its socket as descriptor WIRE_CHILD_FD.
 *
 * Three processes, so that the one that decodes can be killed by one that does not:
 *   zygote   loads libvips once, enters its box, waits for jobs; leaves when idle for a minute or when the server is gone
 *   monitor  one for each job, forked: starts the worker, keeps the time, kills it, reports
 *   worker   forked by the monitor, in a stricter box: decodes one file and ends
 */
#ifndef MEDIA_CHILD_H
#define MEDIA_CHILD_H

/* Never returns to anything but main: the exit code (sysexits).  Single-threaded; called before anything else was set up. */
int media_child_main(void);

#endif

#include "os/proc.h"

#include "base/clock.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct proc_result
run(const char *const *argv, struct proc_options o, struct str in, size_t max, int64_t ms)
{
    struct proc_result r = { 0 };

    o.argv = argv;
    assert_int_equal(proc_run(unit_mem(), &o, in, max, ms, &r), ERR_OK);
    return r;
}

UNIT(proc_run_passes_bytes_through_both_pipes)
{
    static char big[300000];
    struct proc_result r;

    memset(big, 'x', sizeof(big));
    r = run((const char *const[]){ "tee", "/dev/stderr", NULL }, (struct proc_options){ 0 },
        (struct str){ big, sizeof(big) }, 1 << 20, 20000);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.out.n, sizeof(big));
    assert_int_equal(r.err.n, sizeof(big));
    assert_memory_equal(r.out.p, big, sizeof(big));
}

UNIT(proc_run_cuts_long_output_but_reads_to_the_end)
{
    struct proc_result r =
        run((const char *const[]){ "seq", "100000", NULL }, (struct proc_options){ 0 }, S(""), 5, 20000);

    assert_int_equal(r.status, 0);
    assert_str(r.out, "1\n2\n3");
}

UNIT(proc_run_kills_the_group_at_the_timeout)
{
    int64_t start = clock_mono_ms();
    /* The grandchild holds the pipe open: only a kill of the group ends this in time. */
    struct proc_result r = run(
        (const char *const[]){ "sh", "-c", "sleep 60 & sleep 60", NULL }, (struct proc_options){ 0 }, S(""), 100, 100);

    assert_int_equal(r.status, PROC_TIMED_OUT | (PROC_SIGNALED + SIGKILL));
    assert_true(clock_mono_ms() - start < 20000);
}

UNIT(proc_spawn_reports_a_missing_program)
{
    struct proc_options o = { .argv = (const char *const[]){ "/nonexistent/program", NULL } };
    struct proc p;

    assert_int_equal(proc_spawn(&o, &p), ERR_NOT_FOUND);
}

UNIT(proc_limits_reach_the_child)
{
    struct proc_options o = { .files = 17, .cpu_s = 5 };
    struct proc_result r = run((const char *const[]){ "sh", "-c", "ulimit -n; ulimit -t", NULL }, o, S(""), 100, 20000);

    assert_str(r.out, "17\n5\n");
}

UNIT(proc_inherits_only_what_it_is_given)
{
    int p[2];
    struct proc_options o = { .n_fds = 1, .env = (const char *const[]){ "X=y", "PATH=/usr/bin:/bin", NULL } };
    struct proc_result r;

    assert_int_equal(pipe(p), 0);
    o.fds[0] = p[1];
    r = run((const char *const[]){ "sh", "-c", "echo hello >&3; echo $X; ls /proc/$$/fd", NULL }, o, S(""), 100, 20000);
    assert_str(r.out, "y\n0\n1\n2\n3\n");
    {
        char got[6] = "";

        assert_int_equal(read(p[0], got, 6), 6);
        assert_memory_equal(got, "hello\n", 6);
    }
    close(p[0]);
    close(p[1]);
}

static int
child_function(void *arg)
{
    return *(int *)arg;
}

UNIT(proc_can_run_a_function)
{
    int code = 42;
    struct proc_options o = { .in_child = child_function, .arg = &code };
    struct proc p;

    assert_int_equal(proc_spawn(&o, &p), ERR_OK);
    assert_int_equal(proc_wait(&p, 20000), 42);
}

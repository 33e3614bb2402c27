/* The table of the jobs, as the first migration of the schema.  Never edited after a release. */
#ifndef QUEUE_MIGRATION_H
#define QUEUE_MIGRATION_H

/*
 * state: 0 waits, 1 runs, 2 is dead; the indexes are partial, so that the statements name the state as a literal.
 * unique_key counts while the job waits; NULL for jobs that are not unique.  last_ms: of the last change by a runner.
 */
#define QUEUE_SCHEMA                                                                                                   \
    "CREATE TABLE job ("                                                                                               \
    " id {id} PRIMARY KEY,"                                                                                            \
    " kind {text} NOT NULL,"                                                                                           \
    " lane {text} NOT NULL,"                                                                                           \
    " state {int} NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),"                                                   \
    " args {text} NOT NULL,"                                                                                           \
    " unique_key {text},"                                                                                              \
    " run_at_ms {int} NOT NULL,"                                                                                       \
    " lease_until_ms {int} NOT NULL DEFAULT 0,"                                                                        \
    " tries {int} NOT NULL DEFAULT 0,"                                                                                 \
    " request_id {text} NOT NULL DEFAULT '',"                                                                          \
    " last_error {text} NOT NULL DEFAULT '',"                                                                          \
    " last_ms {int} NOT NULL DEFAULT 0,"                                                                               \
    " created_ms {int} NOT NULL"                                                                                       \
    ") {strict};"                                                                                                      \
    "CREATE INDEX job_due ON job (lane, run_at_ms, id) WHERE state = 0;"                                               \
    "CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE state = 0;"                                              \
    "CREATE INDEX job_lease ON job (lease_until_ms) WHERE state = 1;"                                                  \
    "CREATE INDEX job_dead ON job (last_ms, id) WHERE state = 2;"

#define QUEUE_MIGRATION                                                                                                \
    {                                                                                                                  \
        .version = 1, .name = "queue", .sql = QUEUE_SCHEMA                                                             \
    }

#endif

-- The numbers of the processes on this database, which stand in the ids that they make (base/id.h).  At most 63, so nothing is pruned.
CREATE TABLE node (
    number   {int} PRIMARY KEY,
    owner    {int} NOT NULL,                       -- random, of one process
    until_ms {int} NOT NULL                        -- by the database's clock, as those of the processes may differ
) {strict};

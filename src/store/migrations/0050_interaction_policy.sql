-- Who may reply to, favourite and boost posts of other servers.  doc/design/interaction-policy.md
ALTER TABLE status ADD COLUMN interaction_policy {int} NOT NULL DEFAULT 0;  -- model/interaction.h; 0: everybody
ALTER TABLE status ADD COLUMN approval {int} NOT NULL DEFAULT 0;            -- enum approval

CREATE TABLE interaction_people (                  -- whom a policy names one by one
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    likers {text} NOT NULL,
    repliers {text} NOT NULL,
    boosters {text} NOT NULL
) {strict};

CREATE TABLE approval_stamp (                      -- claimed by a reply elsewhere, or given to one of ours
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    uri {text} NOT NULL
) {strict};

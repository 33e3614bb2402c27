-- What an activity says the state of (a follow, a like …): of several with one topic only the newest still goes out.
ALTER TABLE activity ADD COLUMN topic {text};
CREATE INDEX activity_topic ON activity (topic, id) WHERE topic IS NOT NULL;

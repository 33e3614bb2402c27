-- Collections of the reported account that are part of the report.
ALTER TABLE report ADD COLUMN collection_ids {text} NOT NULL DEFAULT '';

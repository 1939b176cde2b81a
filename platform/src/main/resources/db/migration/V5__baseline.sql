-- What later tables are compared with: null for versions that are older than baselines.
alter table dataset_version add column baseline_digest text;

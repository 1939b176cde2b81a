-- Runs of pipelines, their steps and attempts, and the cache of results.

create table pipeline_run (
  run_id text primary key,
  workspace text not null,
  pipeline text not null,
  status text not null,            -- running, passed, rejected, failed, cancelled
  trigger_kind text not null,
  actor text not null,
  process text not null,           -- host and process that carry it, see ProcessIdentity
  lease_until_us bigint not null,
  project text not null,           -- JSON: commit, tree, dirty
  started_us bigint not null,
  ended_us bigint,
  problem text
);
create index pipeline_run_recent on pipeline_run (workspace, pipeline, started_us);
create index pipeline_run_live on pipeline_run (status) where status = 'running';

create table run_step (
  run_id text not null references pipeline_run (run_id),
  step text not null,
  position bigint not null,
  stage text not null,
  outcome text not null,           -- executed, cached, skipped, failed
  step_key text,
  started_us bigint not null,
  ended_us bigint not null,
  reason text,
  primary key (run_id, step)
);

create table attempt (
  attempt_id text primary key,
  workspace text not null,
  run_id text not null references pipeline_run (run_id),
  step text not null,
  number bigint not null,          -- the attempt of this step in this run, from 1
  step_key text not null,
  token bigint not null,           -- fencing token: grows with every attempt at this key
  state text not null,             -- running, succeeded, failed, timed_out, cancelled, lost
  process text not null,
  host text not null,
  cpu double precision not null,
  memory_bytes bigint not null,
  gpu bigint not null,
  lease_until_us bigint not null,
  started_us bigint not null,
  ended_us bigint,
  reason text,
  log text not null
);
create unique index attempt_single_flight on attempt (workspace, step_key) where state = 'running';
create index attempt_by_key on attempt (workspace, step_key, token);
create index attempt_by_run on attempt (run_id, step, number);
create index attempt_live on attempt (state) where state = 'running';

create table step_result (
  workspace text not null,
  step_key text not null,
  step text not null,
  outputs text not null,           -- JSON: name to kind, digest, size
  evidence text not null,          -- JSON: what the step measured
  run_id text not null,
  attempt_id text not null,
  created_us bigint not null,
  primary key (workspace, step_key)
);

create table step_key (
  workspace text not null,
  step_key text not null,
  components text not null,        -- JSON: component to value, for "which component changed"
  primary key (workspace, step_key)
);

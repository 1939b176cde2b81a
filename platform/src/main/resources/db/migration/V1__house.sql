-- The house: workspaces, the ledger with its readers' cursors, and the memo of file digests.
-- Times (_us) are microseconds since the epoch; JSON and ids are text.

create table workspace (
    name       text primary key,
    created_us bigint not null,
    created_by text not null
);

insert into workspace (name, created_us, created_by) values ('default', 0, 'service:weir');

-- Append-only. xact numbers the transaction: on PostgreSQL its rows become readable, in the order
-- (xact, seq), once no older transaction runs; on SQLite writers take turns, and seq is enough.
create table event (
    seq            ${identity},
    xact           bigint not null default ${xact},
    id             text not null unique,
    workspace      text not null,
    actor_kind     text not null,
    actor_name     text not null,
    kind           text not null,
    subject        text not null,
    at_us          bigint not null,
    payload        text not null,
    payload_digest text not null
);

create index event_order on event (xact, seq);
create index event_subject on event (workspace, subject, seq);
create index event_kind on event (workspace, kind, seq);

create table event_cursor (
    reader     text primary key,
    xact       bigint not null,
    seq        bigint not null,
    updated_us bigint not null
);

-- What a file held when it was last read whole. A machine's own memory: paths are its own.
create table file_digest (
    path       text primary key,
    size_bytes bigint not null,
    mtime_ns   bigint not null,
    ctime_ns   bigint not null,
    inode      bigint not null,
    digest     text not null,
    checked_us bigint not null
);

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

-- Experiments and runs, in MLflow's words and meaning. Times (_us) are microseconds since the
-- epoch; the timestamps of metrics (_ms) are kept in the milliseconds that clients give.

create table experiment (
    workspace         text not null references workspace (name),
    id                text not null,     -- decimal, counted in the workspace; '0' is Default
    name              text not null,
    lifecycle         text not null,     -- active, deleted
    artifact_location text not null,     -- empty: the store of this home
    created_us        bigint not null,
    updated_us        bigint not null,
    primary key (workspace, id),
    unique (workspace, name)
);

insert into experiment
    (workspace, id, name, lifecycle, artifact_location, created_us, updated_us)
values ('default', '0', 'Default', 'active', '', 0, 0);

create table run (
    id            text primary key,
    workspace     text not null,
    experiment_id text not null,
    name          text not null,
    status        text not null,         -- running, scheduled, finished, failed, killed
    lifecycle     text not null,         -- active, deleted
    user_name     text not null,
    started_us    bigint not null,
    ended_us      bigint,
    deleted_us    bigint,
    foreign key (workspace, experiment_id) references experiment (workspace, id)
);

-- The default order of a search: newest first, then by id.
create index run_order on run (workspace, experiment_id, started_us desc, id);

create table param (
    run_id text not null references run (id),
    key    text not null,
    value  text not null,
    primary key (run_id, key)
);

create table run_tag (
    run_id text not null references run (id),
    key    text not null,
    value  text not null,
    primary key (run_id, key)
);

-- The history of a metric, in logged order: each row holds the points of one key that one call
-- logged, 24 bytes each: step, timestamp in milliseconds, IEEE 754 bits of the value, all
-- big-endian. Every double survives, NaN too; a thousand points cost one row, not a thousand.
create table metric_points (
    seq    ${identity},
    run_id text not null references run (id),
    key    text not null,
    points bytea not null
);

create index metric_points_of on metric_points (run_id, key, seq);

-- The point of each key that is greatest by (step, timestamp, value), and whether the history may
-- hold a point twice, so that a reader must look. SQLite keeps NaN as null: undefined tells.
-- undefined: 0 a number (infinities too), 1 NaN. Experiment and workspace stand here so that an
-- order by a metric walks one index.
create table latest_metric (
    run_id        text not null references run (id),
    key           text not null,
    workspace     text not null,
    experiment_id text not null,
    undefined     integer not null,
    value         double precision,
    step          bigint not null,
    timestamp_ms  bigint not null,
    repeats       integer not null,
    primary key (run_id, key)
);

create index latest_metric_order
    on latest_metric (workspace, experiment_id, key, undefined, value, run_id);

-- A dataset as a run saw it, in MLflow's words; digest is the client's (up to 36 characters).
create table logged_dataset (
    workspace     text not null,
    experiment_id text not null,
    name          text not null,
    digest        text not null,
    source_type   text not null,
    source        text not null,
    schema        text not null,
    profile       text not null,
    primary key (workspace, experiment_id, name, digest),
    foreign key (workspace, experiment_id) references experiment (workspace, id)
);

create table run_input (
    run_id   text not null references run (id),
    name     text not null,
    digest   text not null,
    context  text not null,              -- the tag mlflow.data.context: training, holdout …
    tags     text not null,              -- JSON object of all tags
    position integer not null,
    primary key (run_id, name, digest)
);

create index run_input_of on run_input (name, digest);

-- Gates' verdicts, dataset versions, registered models. Times (_us) are microseconds since the
-- epoch; JSON and ids are text.

-- One transition judged: all its gates, on one evidence, at one moment.
create table judgement (
    id              text primary key,
    workspace       text not null references workspace (name),
    run_id          text,
    subject         text not null,       -- what was judged: income:3, adult@2
    passed          integer not null,
    evidence_digest text not null,
    judged_us       bigint not null
);

create index judgement_of_run on judgement (workspace, run_id);
create index judgement_of_subject on judgement (workspace, subject, judged_us);

create table verdict (
    judgement_id text not null references judgement (id),
    position     integer not null,
    gate         text not null,
    severity     text not null,
    verdict      text not null,
    value_number double precision,       -- at most one of value_number and value_words
    value_unit   text,
    value_words  text,
    expected     text not null,
    reason       text not null,
    hint         text,
    primary key (judgement_id, position)
);

create table dataset (
    workspace   text not null references workspace (name),
    name        text not null,
    last_number bigint not null,         -- the highest number ever given; none is used again
    accepted    bigint,                  -- the last version whose ingest gate passed
    created_us  bigint not null,
    updated_us  bigint not null,
    primary key (workspace, name)
);

create table dataset_version (
    workspace      text not null,
    name           text not null,
    number         bigint not null,
    digest         text not null,        -- of the table's artifact
    schema         text not null,
    profile_digest text not null,
    row_count      bigint not null,
    source         text not null,
    run_id         text,                 -- the run that made it first
    created_us     bigint not null,
    primary key (workspace, name, number),
    unique (workspace, name, digest),
    foreign key (workspace, name) references dataset (workspace, name)
);

create index dataset_version_digest on dataset_version (digest);

create table registered_model (
    workspace    text not null references workspace (name),
    name         text not null,
    description  text not null,
    last_version bigint not null,        -- the highest number ever given; none is used again
    created_us   bigint not null,
    updated_us   bigint not null,
    primary key (workspace, name)
);

create table model_version (
    workspace     text not null,
    model         text not null,
    version       bigint not null,
    stage         text not null,         -- development, staging, production, archived
    digest        text,                  -- of the model's folder; null: a client keeps it elsewhere
    recipe        text not null,
    recipe_digest text,                  -- null where it was not registered by its recipe
    run_id        text,
    source        text not null,
    description   text not null,
    metrics       text not null,
    signature     text not null,
    judgement_id  text references judgement (id), -- the last; null: never judged
    created_us    bigint not null,
    updated_us    bigint not null,
    primary key (workspace, model, version),
    foreign key (workspace, model)
        references registered_model (workspace, name)
        on update cascade
);

create unique index model_version_recipe on model_version (workspace, model, recipe_digest);
create index model_version_run on model_version (run_id);

-- Every request to move a version to a stage that was carried out: who, from where to where, and
-- on which judgement. below is the promotion that a rollback returns to.
create table promotion (
    seq           ${identity},
    id            text not null unique,
    workspace     text not null,
    model         text not null,
    version       bigint not null,
    kind          text not null,         -- promotion, rollback
    from_stage    text not null,
    to_stage      text not null,
    replaced      bigint,                -- the version in production until then
    below         text,
    actor         text not null,         -- person:anna, service:…, trigger:…
    reason        text not null,
    judgement_id  text references judgement (id),
    approvals     text not null,
    at_us         bigint not null,
    foreign key (workspace, model, version)
        references model_version (workspace, model, version)
        on update cascade
);

create index promotion_of on promotion (workspace, model, seq);

create table model_alias (
    workspace    text not null,
    model        text not null,
    alias        text not null,
    version      bigint not null,
    promotion_id text references promotion (id),  -- what moved a reserved alias
    updated_us   bigint not null,
    primary key (workspace, model, alias),
    foreign key (workspace, model, version)
        references model_version (workspace, model, version)
        on update cascade
);

create index model_alias_of on model_alias (workspace, model, version);

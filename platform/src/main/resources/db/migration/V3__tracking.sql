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

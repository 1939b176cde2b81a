-- What MLflow's clients keep besides: tags of experiments, models and versions; logged models; what
-- runs gave; artifacts. Times (_us) are microseconds since the epoch.

create table experiment_tag (
    workspace     text not null,
    experiment_id text not null,
    key           text not null,
    value         text not null,
    primary key (workspace, experiment_id, key),
    foreign key (workspace, experiment_id) references experiment (workspace, id)
);

create table model_tag (
    workspace text not null,
    model     text not null,
    key       text not null,
    value     text not null,
    primary key (workspace, model, key),
    foreign key (workspace, model) references registered_model (workspace, name)
        on update cascade on delete cascade
);

create table version_tag (
    workspace text not null,
    model     text not null,
    version   bigint not null,
    key       text not null,
    value     text not null,
    primary key (workspace, model, version, key),
    foreign key (workspace, model, version) references model_version (workspace, model, version)
        on update cascade on delete cascade
);

-- A link to where a run of another place is shown, as a client gave it.
alter table model_version add column run_link text not null default '';
-- Where the model's files are, where that is not its source; empty: they are there.
alter table model_version add column location text not null default '';

-- A model that a run logged, before or without being registered.
create table logged_model (
    id            text primary key,      -- m- and 32 hexadecimal digits
    workspace     text not null,
    experiment_id text not null,
    name          text not null,
    status        text not null,         -- pending, ready, upload_failed
    model_type    text not null,
    run_id        text,
    created_us    bigint not null,
    updated_us    bigint not null,
    deleted_us    bigint,
    foreign key (workspace, experiment_id) references experiment (workspace, id)
);

create index logged_model_order on logged_model (workspace, experiment_id, created_us desc, id);

create table logged_model_param (
    model_id text not null references logged_model (id),
    key      text not null,
    value    text not null,
    primary key (model_id, key)
);

create table logged_model_tag (
    model_id text not null references logged_model (id),
    key      text not null,
    value    text not null,
    primary key (model_id, key)
);

-- Logged models that a run used (input) or gave (output).
create table run_model (
    run_id   text not null references run (id),
    model_id text not null,
    role     text not null,              -- input, output
    step     bigint not null,
    position integer not null,
    primary key (run_id, role, model_id)
);

-- Files that clients keep here, by whole paths: 3/RUN/artifacts/model/MLmodel,
-- 3/models/m-…/artifacts/MLmodel. A folder is what paths begin with.
create table artifact (
    workspace  text not null references workspace (name),
    path       text ${bytes} not null,
    digest     text not null,
    size_bytes bigint not null,
    updated_us bigint not null,
    primary key (workspace, path)
);

create index artifact_digest on artifact (digest);

-- The history of metrics and the latest points lie in the order in which they are read: a call that
-- logs one point changes half as many pages. seq counts the calls of one run and key.
create table metric_calls (
    run_id text not null references run (id),
    key    text not null,
    seq    bigint not null,
    points bytea not null,
    primary key (run_id, key, seq)
) ${clustered};

insert into metric_calls (run_id, key, seq, points)
select run_id, key, seq, points from metric_points;

drop table metric_points;

create table latest (
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
) ${clustered};

insert into latest
    (run_id, key, workspace, experiment_id, undefined, value, step, timestamp_ms, repeats)
select run_id, key, workspace, experiment_id, undefined, value, step, timestamp_ms, repeats
from latest_metric;

drop table latest_metric;

alter table latest rename to latest_metric;

create index latest_metric_order
    on latest_metric (workspace, experiment_id, key, undefined, value, run_id);

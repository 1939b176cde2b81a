-- Endpoints, rollouts, and what servers saw while one was under way. Times (_us) are microseconds
-- since the epoch; JSON and ids are text.

-- A name that answers predictions. revision grows with every change of any route of the workspace,
-- so that a server sees by one number whether its routes are still those of the home.
create table endpoint (
    workspace       text not null references workspace (name),
    name            text not null,
    model           text not null,
    primary_version bigint,              -- null until the first rollout is through
    warm_version    bigint,              -- kept loaded, so that a way back costs nothing
    deployment      text not null,       -- JSON: the section deploy of the pipeline file, and its plan
    revision        bigint not null,
    created_us      bigint not null,
    updated_us      bigint not null,
    primary key (workspace, name)
);

create unique index endpoint_of_model on endpoint (workspace, model);

create table rollout (
    id              text primary key,
    workspace       text not null,
    endpoint        text not null,
    model           text not null,
    version         bigint not null,     -- that is to take over
    replaces        bigint,              -- the primary when it was asked for
    plan            text not null,       -- JSON: steps and bounds, as the pipeline file had them
    state           text not null,
    step            integer not null,    -- of the plan, from 0
    resumes         text,                -- the state that a paused one goes back to
    watched_us      bigint not null,     -- of this step: time in which somebody looked
    ticked_us       bigint not null,     -- the clock at the last look
    waits           text not null,       -- JSON list: what it waits for, in words
    watch           text not null,       -- JSON: the running tests, and the evidence they have seen
    actor           text not null,
    reason          text not null,
    promotion_id    text not null,       -- the promotion_request that it carries out
    driver          text,                -- the server that drives it
    lease_until_us  bigint not null,
    revision        bigint not null,     -- of the row, for compare-and-set
    created_us      bigint not null,
    updated_us      bigint not null,
    ended_us        bigint,
    foreign key (workspace, endpoint) references endpoint (workspace, name)
);

create unique index rollout_live on rollout (workspace, endpoint) where ended_us is null;
create index rollout_of_endpoint on rollout (workspace, endpoint, created_us);

-- One row for each server and step: whoever drives adds them up.
create table rollout_window (
    rollout_id text not null references rollout (id),
    step       integer not null,
    server     text not null,
    evidence   text not null,            -- JSON
    updated_us bigint not null,
    primary key (rollout_id, step, server)
);

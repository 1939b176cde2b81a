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

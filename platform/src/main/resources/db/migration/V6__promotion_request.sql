-- Every promotion that somebody asked for, from the asking to its end. The one that is carried out is
-- a row of promotion with the same id. Times (_us) are microseconds since the epoch.
create table promotion_request (
    seq            ${identity},
    id             text not null unique,
    workspace      text not null,
    model          text not null,
    version        bigint not null,
    from_stage     text not null,         -- where the version was when it was asked for
    to_stage       text not null,
    state          text not null,         -- waiting, approved, under_way, carried_out, rejected, void, failed
    actor          text not null,         -- who asked
    reason         text not null,
    archive        integer not null,      -- 1: what is in the stage is archived
    production     text not null,         -- what must be in production: any, none, or a number
    needed         integer not null,      -- how many approvals were asked for
    because        text not null,         -- why: the words of the policy
    recipe_digest  text not null,         -- what an approval approves: a change makes the request void
    model_digest   text not null,
    verdict_digest text not null,
    note           text not null,         -- why it was rejected, is void, or failed
    created_us     bigint not null,
    updated_us     bigint not null,
    foreign key (workspace, model, version) references model_version (workspace, model, version)
        on update cascade on delete cascade
);

create index promotion_request_of on promotion_request (workspace, model, seq);
create unique index promotion_request_open on promotion_request (workspace, model, version, to_stage)
    where state in ('waiting', 'approved', 'under_way');

create table promotion_approval (
    request_id text not null references promotion_request (id) on delete cascade,
    actor      text not null,
    note       text not null,
    digest     text not null,             -- of the three digests that it approves
    at_us      bigint not null,
    primary key (request_id, actor)
);

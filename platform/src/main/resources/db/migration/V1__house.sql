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

-- Parameters and tags lie in the order in which they are read, by run and key, as metrics do: a
-- search reads those of a hundred runs at once.

create table logged_param (
    run_id text not null references run (id),
    key    text not null,
    value  text not null,
    primary key (run_id, key)
) ${clustered};

insert into logged_param (run_id, key, value) select run_id, key, value from param;

drop table param;

alter table logged_param rename to param;

create table logged_tag (
    run_id text not null references run (id),
    key    text not null,
    value  text not null,
    primary key (run_id, key)
) ${clustered};

insert into logged_tag (run_id, key, value) select run_id, key, value from run_tag;

drop table run_tag;

alter table logged_tag rename to run_tag;

-- Up to which entry the tables have what was appended to the intake beside the database: it changes
-- in the transaction that carries entries into the tables, so that each gets there once.
create table intake (
    id      integer primary key,     -- 1
    carried bigint not null
);

insert into intake (id, carried) values (1, 0);

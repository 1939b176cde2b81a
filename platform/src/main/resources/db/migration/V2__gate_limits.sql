-- The bound of a gate as a figure, so that a later version's gate is seen to ask for less; and what
-- an earlier one asked for where it was more.
alter table verdict add column limit_number double precision;
alter table verdict add column limit_better text;      -- higher, lower: which side passes
alter table verdict add column relaxed text;
create index verdict_of_gate on verdict (gate);

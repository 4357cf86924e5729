-- +goose Up
alter table ledger add column queue text not null default '';   -- '' = all of the team's leads
alter table ledger add column among text not null default '';   -- JSON: rep → weight, to whom the lead was due
alter table ledger add column without text not null default ''; -- JSON: rep → weight, who else of the team could not have it
alter table ledger add column trace text not null default '';   -- JSON: why each route and rep was taken or not
create index ledger_at on ledger (at);

-- What was written before knew neither levels nor who received a lead; where people stand is kept.
update ledger set leads = 0 where kind not in ('assigned', 'passed');
update ledger set kind = 'received' where kind = 'passed' and leads > 0;
update ledger set leads = 1 where leads > 1;

alter table share rename to share_of_teams;
alter index share_pkey rename to share_of_teams_pkey;
create table share (
  team    text   not null,
  queue   text   not null, -- '' = all of the team's leads
  rep     text   not null,
  count   bigint not null, -- leads that count
  due     bigint not null, -- of them by weight, in billionths of a lead
  missed  bigint not null, -- what would have been due while the rep could not have them, in billionths
  got     bigint not null, -- leads
  gave    bigint not null, -- of these, leads that went on to another
  weight  bigint not null, -- by which the last lead was due
  last_at bigint not null,
  primary key (team, queue, rep)
);
insert into share (team, queue, rep, count, due, missed, got, gave, weight, last_at)
select team, '', rep, count, count * 1000000000, 0,
  (select count(*) from ledger l where l.team = o.team and l.rep = o.rep and l.kind in ('assigned', 'received')),
  (select count(*) from ledger l where l.team = o.team and l.rep = o.rep and l.kind = 'passed'),
  1, last_at
from share_of_teams o;
drop table share_of_teams;

-- The ledger is only ever added to.
-- +goose StatementBegin
create function ledger_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is only added to';
end $$;
-- +goose StatementEnd
create trigger ledger_unchanged before update or delete on ledger for each row execute function ledger_refuse();
create trigger ledger_kept before truncate on ledger for each statement execute function ledger_refuse();

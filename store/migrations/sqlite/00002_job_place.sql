-- +goose Up
alter table job add column place integer not null default 0; -- among the jobs of its key the lower goes first, then the earlier stored

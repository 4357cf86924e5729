-- +goose Up
create index conversation_began on conversation (created_at, id);

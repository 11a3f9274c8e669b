-- Rows that are updated leave room in their page, so that an update needs no new index entry.
CREATE TABLE line (
  id     text PRIMARY KEY,
  free   integer NOT NULL,
  taken  integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE conversation (
  id        text PRIMARY KEY,
  custody   text NOT NULL,
  epoch     integer NOT NULL DEFAULT 1,
  phase     smallint NOT NULL DEFAULT 0,
  receiver  text NOT NULL DEFAULT '',
  people    smallint NOT NULL DEFAULT 0,
  created   timestamptz NOT NULL DEFAULT now(),
  number    integer NOT NULL,
  head      bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE packet (
  conversation text NOT NULL,
  part         smallint NOT NULL,
  sealed       bytea NOT NULL,
  PRIMARY KEY (conversation, part)
);

-- Every command is one row, signed, and chained to the conversation's row before it. Its
-- request id makes it repeatable.
CREATE TABLE audit (
  position      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation  text NOT NULL,
  number        integer NOT NULL,
  request       uuid NOT NULL,
  payload       bytea NOT NULL,
  signature     bytea NOT NULL,
  UNIQUE (conversation, request)
);

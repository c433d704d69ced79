"""The tables of journal.db. They are stored on doors for years: a change is a migration."""

VERSION = 1

STATEMENTS = """
CREATE TABLE fact(
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identity(
  epoch_no INTEGER PRIMARY KEY,
  device BLOB NOT NULL,
  epoch BLOB NOT NULL UNIQUE,
  board TEXT NOT NULL,
  begun_wall_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE run(
  epoch_no INTEGER NOT NULL REFERENCES identity,
  run_no INTEGER NOT NULL,
  boot_id BLOB NOT NULL,
  signed BLOB NOT NULL,
  adopted INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(epoch_no, run_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry(
  epoch_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  boot_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  nonce INTEGER NOT NULL,
  body BLOB NOT NULL,
  chain BLOB NOT NULL,
  PRIMARY KEY(epoch_no, seq),
  FOREIGN KEY(epoch_no, run_no) REFERENCES run
) STRICT, WITHOUT ROWID;

CREATE TABLE anchor(
  anchor_no INTEGER PRIMARY KEY,
  boot_id BLOB NOT NULL,
  boot_ms INTEGER NOT NULL,
  true_ms INTEGER NOT NULL,
  error_ms INTEGER NOT NULL,
  source INTEGER NOT NULL
) STRICT;

CREATE TABLE progress(
  epoch_no INTEGER PRIMARY KEY,
  acked_through INTEGER NOT NULL,
  settled_at_ms INTEGER NOT NULL,
  anchor_seq INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE settlement(
  epoch_no INTEGER NOT NULL,
  acked_through INTEGER NOT NULL,
  powered_ms INTEGER NOT NULL,
  PRIMARY KEY(epoch_no, acked_through)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected(
  epoch_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  PRIMARY KEY(epoch_no, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE presence(
  tag BLOB PRIMARY KEY,
  direction INTEGER NOT NULL,
  last_slot INTEGER NOT NULL,
  seen_boot_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

-- What is known about this database: the epoch, and what else a later version must know.
CREATE TABLE IF NOT EXISTS meta (
  name VARCHAR(64) NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);
-- Staff of all roles. No foreign key points here: a row may be deleted by hand.
CREATE TABLE IF NOT EXISTS accounts (
  id VARCHAR(26) NOT NULL,
  username VARCHAR(64) NOT NULL,
  display_name VARCHAR(255) NOT NULL,
  role VARCHAR(16) NOT NULL,
  active BIGINT NOT NULL,
  must_change_password BIGINT NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  capacity BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS accounts_username ON accounts (username);
CREATE INDEX IF NOT EXISTS accounts_role ON accounts (role, username);
-- Sessions of staff. A session is good while its account's row lives and is active.
CREATE TABLE IF NOT EXISTS sessions (
  id VARCHAR(26) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  account_id VARCHAR(26) NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  address VARCHAR(255) NOT NULL,
  agent VARCHAR(500) NOT NULL,
  ended VARCHAR(32),
  ended_at BIGINT,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS sessions_token ON sessions (token_hash);
CREATE INDEX IF NOT EXISTS sessions_account ON sessions (account_id, id);
CREATE TABLE IF NOT EXISTS teams (
  id VARCHAR(26) NOT NULL,
  name VARCHAR(255) NOT NULL,
  answer_s BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS teams_name ON teams (name);
CREATE TABLE IF NOT EXISTS team_members (
  team_id VARCHAR(26) NOT NULL,
  account_id VARCHAR(26) NOT NULL,
  PRIMARY KEY (team_id, account_id)
);
CREATE INDEX IF NOT EXISTS team_members_account ON team_members (account_id);
-- What agents say about being there; of its own, so that it never waits for an account's row.
CREATE TABLE IF NOT EXISTS presence (
  account_id VARCHAR(26) NOT NULL,
  status VARCHAR(16) NOT NULL,
  since BIGINT NOT NULL,
  idle_since BIGINT NOT NULL,
  PRIMARY KEY (account_id)
);

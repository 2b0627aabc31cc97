CREATE TABLE IF NOT EXISTS visitors (
  id VARCHAR(26) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  name VARCHAR(255),
  email VARCHAR(255),
  locale VARCHAR(64),
  page VARCHAR(500),
  inbox VARCHAR(255),
  verified BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS visitors_token ON visitors (token_hash);
-- One row is one conversation's state. owner_id is an account's id, an automation's name, or for the queue the
-- team's id (empty for everybody's), so that one index serves every view; *_key are lower-cased for searches.
CREATE TABLE IF NOT EXISTS conversations (
  id VARCHAR(26) NOT NULL,
  visitor_id VARCHAR(26) NOT NULL,
  visitor_name VARCHAR(255) NOT NULL,
  visitor_email VARCHAR(255),
  visitor_name_key VARCHAR(255) NOT NULL,
  visitor_email_key VARCHAR(255),
  channel VARCHAR(16) NOT NULL,
  status VARCHAR(16) NOT NULL,
  owner_kind VARCHAR(16) NOT NULL,
  owner_id VARCHAR(26),
  owner_name VARCHAR(255),
  team_id VARCHAR(26),
  fence BIGINT NOT NULL,
  head BIGINT NOT NULL,
  head_id VARCHAR(26),
  public_head BIGINT NOT NULL,
  public_head_id VARCHAR(26),
  inbound BIGINT NOT NULL,
  last_inbound BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  automation VARCHAR(26),
  had_people BIGINT NOT NULL,
  missed_by VARCHAR(26),
  resolved_by VARCHAR(27),
  preview VARCHAR(255) NOT NULL,
  tags TEXT NOT NULL,
  waiting_since BIGINT,
  queued_at BIGINT,
  priority BIGINT NOT NULL,
  snoozed_until BIGINT,
  due_at BIGINT,
  start_key VARCHAR(64),
  rating BIGINT,
  rating_comment TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS conversations_start ON conversations (visitor_id, start_key);
CREATE INDEX IF NOT EXISTS conversations_visitor ON conversations (visitor_id, updated_at, id);
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (status, owner_kind, owner_id, updated_at, id);
CREATE INDEX IF NOT EXISTS conversations_team ON conversations (status, team_id, updated_at, id);
CREATE INDEX IF NOT EXISTS conversations_queue ON conversations (owner_kind, status, owner_id, priority DESC, queued_at, id);
CREATE INDEX IF NOT EXISTS conversations_due ON conversations (due_at, id);
CREATE INDEX IF NOT EXISTS conversations_name ON conversations (visitor_name_key);
CREATE INDEX IF NOT EXISTS conversations_email ON conversations (visitor_email_key);
-- The log. sender is whom client_msg_id belongs to; public_before is the last seq before this one that the
-- visitor sees.
CREATE TABLE IF NOT EXISTS entries (
  conversation_id VARCHAR(26) NOT NULL,
  seq BIGINT NOT NULL,
  id VARCHAR(26) NOT NULL,
  at BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  public BIGINT NOT NULL,
  public_before BIGINT NOT NULL,
  author_kind VARCHAR(16) NOT NULL,
  author_id VARCHAR(26),
  author_name VARCHAR(255) NOT NULL,
  body TEXT NOT NULL,
  sender VARCHAR(27) NOT NULL,
  client_msg_id VARCHAR(64),
  body_hash VARCHAR(64),
  PRIMARY KEY (conversation_id, seq)
);
CREATE UNIQUE INDEX IF NOT EXISTS entries_client ON entries (conversation_id, sender, client_msg_id);
-- How far each side has read; inbound is how many of the visitor's messages there were at that point.
CREATE TABLE IF NOT EXISTS read_positions (
  conversation_id VARCHAR(26) NOT NULL,
  side VARCHAR(16) NOT NULL,
  seq BIGINT NOT NULL,
  inbound BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, side)
);

-- Which agents a private note has called. by_name is who wrote it, as it was then.
CREATE TABLE IF NOT EXISTS mentions (
  account_id VARCHAR(26) NOT NULL,
  entry_id VARCHAR(26) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name VARCHAR(255) NOT NULL,
  read_at BIGINT,
  PRIMARY KEY (account_id, entry_id)
);
CREATE INDEX IF NOT EXISTS mentions_conversation ON mentions (conversation_id);
-- Which conversations admins watch: one sitting is one line of the audit log, however often they look.
CREATE TABLE IF NOT EXISTS watches (
  account_id VARCHAR(26) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, conversation_id)
);

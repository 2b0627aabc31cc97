-- Texts that agents send again and again. holder: empty for everybody's, else the id of the team or of the agent.
CREATE TABLE IF NOT EXISTS canned_replies (
  id VARCHAR(26) NOT NULL,
  scope VARCHAR(8) NOT NULL,
  holder VARCHAR(26) NOT NULL,
  shortcut VARCHAR(32) NOT NULL,
  text TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS canned_replies_shortcut ON canned_replies (scope, holder, shortcut);
-- Which agent a visitor knows: the last one who had a conversation of theirs.
CREATE TABLE IF NOT EXISTS known_agents (
  visitor_id VARCHAR(26) NOT NULL,
  account_id VARCHAR(26) NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (visitor_id)
);

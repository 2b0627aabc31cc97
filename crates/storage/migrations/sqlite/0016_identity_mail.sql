-- Keys with which sites sign who a visitor is. The secret is needed as it is: whoever has it can be any visitor.
CREATE TABLE IF NOT EXISTS identity_keys (
  id VARCHAR(26) NOT NULL,
  name VARCHAR(80) NOT NULL,
  secret VARCHAR(64) NOT NULL,
  by_name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
-- Who a site says that a visitor is. subject_hash: SHA-256 of what the site calls its user, which is compared byte by byte.
CREATE TABLE IF NOT EXISTS identities (
  subject_hash VARCHAR(64) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  visitor_id VARCHAR(26) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (subject_hash)
);
CREATE INDEX IF NOT EXISTS identities_visitor ON identities (visitor_id);
-- Further tokens of visitors: of other browsers, and of visitors who turned out to be this one.
CREATE TABLE IF NOT EXISTS visitor_tokens (
  token_hash VARCHAR(64) NOT NULL,
  visitor_id VARCHAR(26) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (token_hash)
);
CREATE INDEX IF NOT EXISTS visitor_tokens_visitor ON visitor_tokens (visitor_id, created_at);
-- E-mails to visitors, on their way or done. due_at: when it is tried next. mark: up to which entry it goes. zone: in which
-- its times are written.
CREATE TABLE IF NOT EXISTS mails (
  id VARCHAR(26) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  visitor_id VARCHAR(26) NOT NULL,
  recipient VARCHAR(255) NOT NULL,
  mark BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts BIGINT NOT NULL,
  zone VARCHAR(64),
  due_at BIGINT,
  error VARCHAR(300),
  created_at BIGINT NOT NULL,
  done_at BIGINT,
  PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS mails_due ON mails (due_at);
CREATE INDEX IF NOT EXISTS mails_done ON mails (done_at);
CREATE INDEX IF NOT EXISTS mails_visitor ON mails (visitor_id, created_at);
CREATE INDEX IF NOT EXISTS mails_recipient ON mails (recipient, created_at);
CREATE UNIQUE INDEX IF NOT EXISTS mails_mark ON mails (conversation_id, kind, mark, recipient);
-- Links in e-mails, by the hash of their secrets.
CREATE TABLE IF NOT EXISTS mail_links (
  secret_hash VARCHAR(64) NOT NULL,
  purpose VARCHAR(16) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  visitor_id VARCHAR(26) NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (secret_hash)
);
CREATE INDEX IF NOT EXISTS mail_links_visitor ON mail_links (visitor_id);
CREATE INDEX IF NOT EXISTS mail_links_expires ON mail_links (expires_at);
-- Conversations about which nobody wants e-mails.
CREATE TABLE IF NOT EXISTS mail_stops (
  conversation_id VARCHAR(26) NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (conversation_id)
);

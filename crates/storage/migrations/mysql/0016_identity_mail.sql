-- Keys with which sites sign who a visitor is. The secret is needed as it is: whoever has it can be any visitor.
CREATE TABLE IF NOT EXISTS identity_keys (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(80) NOT NULL,
  secret VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  by_name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Who a site says that a visitor is. subject_hash: SHA-256 of what the site calls its user, which is compared byte by byte.
CREATE TABLE IF NOT EXISTS identities (
  subject_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject VARCHAR(255) NOT NULL,
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (subject_hash),
  KEY identities_visitor (visitor_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Further tokens of visitors: of other browsers, and of visitors who turned out to be this one.
CREATE TABLE IF NOT EXISTS visitor_tokens (
  token_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (token_hash),
  KEY visitor_tokens_visitor (visitor_id, created_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- E-mails to visitors, on their way or done. due_at: when it is tried next. mark: up to which entry it goes. zone: in which
-- its times are written.
CREATE TABLE IF NOT EXISTS mails (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recipient VARCHAR(255) NOT NULL,
  mark BIGINT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts BIGINT NOT NULL,
  zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
  due_at BIGINT,
  error VARCHAR(300),
  created_at BIGINT NOT NULL,
  done_at BIGINT,
  PRIMARY KEY (id),
  KEY mails_due (due_at),
  KEY mails_done (done_at),
  KEY mails_visitor (visitor_id, created_at),
  KEY mails_recipient (recipient, created_at),
  UNIQUE KEY mails_mark (conversation_id, kind, mark, recipient)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Links in e-mails, by the hash of their secrets.
CREATE TABLE IF NOT EXISTS mail_links (
  secret_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (secret_hash),
  KEY mail_links_visitor (visitor_id),
  KEY mail_links_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Conversations about which nobody wants e-mails.
CREATE TABLE IF NOT EXISTS mail_stops (
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

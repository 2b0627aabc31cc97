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

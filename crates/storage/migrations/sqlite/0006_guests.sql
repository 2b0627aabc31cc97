-- Who is banned. kind says what value is: the visitor's id, an e-mail address in lower case, or an address of the
-- internet (of IPv6 the network). ends_at is the largest number for those that never end.
CREATE TABLE IF NOT EXISTS bans (
  id VARCHAR(26) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  value VARCHAR(255) NOT NULL,
  reason TEXT NOT NULL,
  ends_at BIGINT NOT NULL,
  by_id VARCHAR(26),
  by_name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS bans_value ON bans (kind, value);
CREATE INDEX IF NOT EXISTS bans_ends ON bans (ends_at);
-- The visitors whom a ban has met: what is looked at wherever a visitor acts. Those of no ban are erased visitors, whose
-- sockets are to be closed.
CREATE TABLE IF NOT EXISTS banned_visitors (
  visitor_id VARCHAR(26) NOT NULL,
  ban_id VARCHAR(26) NOT NULL,
  ends_at BIGINT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (visitor_id, ban_id)
);
CREATE INDEX IF NOT EXISTS banned_visitors_ban ON banned_visitors (ban_id);
CREATE INDEX IF NOT EXISTS banned_visitors_since ON banned_visitors (since);
CREATE INDEX IF NOT EXISTS banned_visitors_ends ON banned_visitors (ends_at);
-- What else is known of a visitor. email_key is lower-cased for searches, address where it came from last.
CREATE TABLE IF NOT EXISTS visitor_details (
  visitor_id VARCHAR(26) NOT NULL,
  email_key VARCHAR(255),
  address VARCHAR(64),
  attributes TEXT NOT NULL,
  PRIMARY KEY (visitor_id)
);
CREATE INDEX IF NOT EXISTS visitor_details_email ON visitor_details (email_key);
CREATE INDEX IF NOT EXISTS visitor_details_address ON visitor_details (address);

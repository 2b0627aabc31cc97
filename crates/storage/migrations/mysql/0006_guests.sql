-- Who is banned. kind says what value is: the visitor's id, an e-mail address in lower case, or an address of the
-- internet (of IPv6 the network). ends_at is the largest number for those that never end.
CREATE TABLE IF NOT EXISTS bans (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value VARCHAR(255) NOT NULL,
  reason TEXT NOT NULL,
  ends_at BIGINT NOT NULL,
  by_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  by_name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY bans_value (kind, value),
  KEY bans_ends (ends_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- The visitors whom a ban has met: what is looked at wherever a visitor acts. Those of no ban are erased visitors, whose
-- sockets are to be closed.
CREATE TABLE IF NOT EXISTS banned_visitors (
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ban_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ends_at BIGINT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (visitor_id, ban_id),
  KEY banned_visitors_ban (ban_id),
  KEY banned_visitors_since (since),
  KEY banned_visitors_ends (ends_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What else is known of a visitor. email_key is lower-cased for searches, address where it came from last.
CREATE TABLE IF NOT EXISTS visitor_details (
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  email_key VARCHAR(255),
  address VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
  attributes TEXT NOT NULL,
  PRIMARY KEY (visitor_id),
  KEY visitor_details_email (email_key),
  KEY visitor_details_address (address)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Automations that are reached over HTTPS. Secrets are needed as they are, to sign; the one before is good until old_until.
CREATE TABLE IF NOT EXISTS hook_automations (
  name VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  url TEXT NOT NULL,
  secret VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  old_secret VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
  old_until BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

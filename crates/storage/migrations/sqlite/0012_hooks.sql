-- Automations that are reached over HTTPS. Secrets are needed as they are, to sign; the one before is good until old_until.
CREATE TABLE IF NOT EXISTS hook_automations (
  name VARCHAR(26) NOT NULL,
  url TEXT NOT NULL,
  secret VARCHAR(64) NOT NULL,
  old_secret VARCHAR(64),
  old_until BIGINT NOT NULL,
  PRIMARY KEY (name)
);

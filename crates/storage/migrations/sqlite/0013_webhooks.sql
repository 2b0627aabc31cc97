-- Servers outside that are told what happens. Secrets are needed as they are, to sign; the one before is good until
-- old_until. events: names, separated by spaces. since: what is older is not told. failing_since: none while it answers well.
CREATE TABLE IF NOT EXISTS webhooks (
  id VARCHAR(26) NOT NULL,
  name VARCHAR(255) NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  secret VARCHAR(64) NOT NULL,
  old_secret VARCHAR(64),
  old_until BIGINT NOT NULL,
  active BIGINT NOT NULL,
  since BIGINT NOT NULL,
  failing_since BIGINT,
  stopped VARCHAR(500),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
-- What they are told: a row for each server and event. lane: what is told in order, a conversation or a visitor. due_at:
-- none while it waits for what was before it in the log, and when it is done. said: what the server answered.
CREATE TABLE IF NOT EXISTS webhook_deliveries (
  webhook_id VARCHAR(26) NOT NULL,
  event_id VARCHAR(26) NOT NULL,
  event VARCHAR(32) NOT NULL,
  lane VARCHAR(26) NOT NULL,
  seq BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT,
  created_at BIGINT NOT NULL,
  tried_at BIGINT,
  status BIGINT,
  took_ms BIGINT,
  said VARCHAR(500) NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX IF NOT EXISTS webhook_deliveries_due ON webhook_deliveries (webhook_id, state, due_at);
CREATE INDEX IF NOT EXISTS webhook_deliveries_lane ON webhook_deliveries (lane, webhook_id, state, seq);
CREATE INDEX IF NOT EXISTS webhook_deliveries_created ON webhook_deliveries (created_at);

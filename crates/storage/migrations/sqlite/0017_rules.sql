-- Rules in their order. body is what the rule is: its trigger, conditions and actions, as JSON.
CREATE TABLE IF NOT EXISTS rules (
  id VARCHAR(26) NOT NULL,
  place BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  is_on BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
-- What became of rules that were looked at. One of each occurrence: what makes a rule fire once is the unique key.
CREATE TABLE IF NOT EXISTS rule_runs (
  id VARCHAR(26) NOT NULL,
  rule_id VARCHAR(26) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  occurrence VARCHAR(40) NOT NULL,
  fired BIGINT NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS rule_runs_once ON rule_runs (conversation_id, rule_id, occurrence);
CREATE INDEX IF NOT EXISTS rule_runs_conversation ON rule_runs (conversation_id, fired, at);
CREATE INDEX IF NOT EXISTS rule_runs_rule ON rule_runs (rule_id, id);
CREATE INDEX IF NOT EXISTS rule_runs_at ON rule_runs (at);

CREATE TABLE IF NOT EXISTS automations (
  name VARCHAR(26) NOT NULL,
  title VARCHAR(255) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  active BIGINT NOT NULL,
  public BIGINT NOT NULL,
  deadline_ms BIGINT NOT NULL,
  last_error VARCHAR(500),
  last_error_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (name)
);
-- Who did what. Names are kept as they were: the rows that they name may be gone.
CREATE TABLE IF NOT EXISTS audit (
  id VARCHAR(26) NOT NULL,
  at BIGINT NOT NULL,
  actor_id VARCHAR(26),
  actor_name VARCHAR(255) NOT NULL,
  actor_role VARCHAR(16) NOT NULL,
  action VARCHAR(64) NOT NULL,
  target_kind VARCHAR(32) NOT NULL,
  target_id VARCHAR(64),
  target_name VARCHAR(255) NOT NULL,
  detail TEXT NOT NULL,
  address VARCHAR(255),
  PRIMARY KEY (id)
);

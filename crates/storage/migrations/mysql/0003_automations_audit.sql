CREATE TABLE IF NOT EXISTS automations (
  name VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(255) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  active BIGINT NOT NULL,
  public BIGINT NOT NULL,
  deadline_ms BIGINT NOT NULL,
  last_error VARCHAR(500),
  last_error_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Who did what. Names are kept as they were: the rows that they name may be gone.
CREATE TABLE IF NOT EXISTS audit (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at BIGINT NOT NULL,
  actor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  actor_name VARCHAR(255) NOT NULL,
  actor_role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
  target_name VARCHAR(255) NOT NULL,
  detail TEXT NOT NULL,
  address VARCHAR(255),
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

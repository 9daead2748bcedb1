-- The renewal engine's tables. Every time is database time; `renewal` is at once the saga's state and its queue entry.

-- One row per configured SCM account: breaker, and the lease of the shared look (list call).
CREATE TABLE account (
  account        text PRIMARY KEY CHECK (account ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  credentials    text NOT NULL,                        -- short digest of endpoint + access key id; a change means PROBING
  breaker        text NOT NULL DEFAULT 'PROBING' CHECK (breaker IN ('CLOSED','PROBING','OPEN','PAUSED')),
  breaker_reason text,
  probes         smallint NOT NULL DEFAULT 0,          -- openings of the breaker since an import or push last succeeded
  probe_at       timestamptz NOT NULL DEFAULT now(),   -- earliest next probe; infinity = only an operator closes it
  look_owner     text,
  look_until     timestamptz NOT NULL DEFAULT '-infinity',
  look_epoch     bigint NOT NULL DEFAULT 0,
  looked_at      timestamptz NOT NULL DEFAULT '-infinity', -- database time just before the last list call
  look_failures  smallint NOT NULL DEFAULT 0,          -- list calls in a row without an answer
  offset_mode    text CHECK (offset_mode IN ('index','page')), -- learned meaning of the list's offset
  updated_at     timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- One row per account and operation. In any 60 s at most per_minute tokens leave it: burst + refill * 60 = per_minute.
CREATE TABLE rate_bucket (
  account       text NOT NULL REFERENCES account ON DELETE CASCADE,
  operation     text NOT NULL CHECK (operation IN ('import','list','show','push','batch-push')),
  configured    double precision NOT NULL CHECK (configured >= 2),            -- calls per minute from the configuration
  per_minute    double precision NOT NULL CHECK (per_minute >= 2),            -- in force; lowered by 429
  burst         double precision NOT NULL CHECK (burst >= 1 AND burst < per_minute),
  tokens        double precision NOT NULL,
  refilled_at   timestamptz NOT NULL DEFAULT now(),
  blocked_until timestamptz NOT NULL DEFAULT '-infinity',
  lowered_at    timestamptz,
  PRIMARY KEY (account, operation)
) WITH (fillfactor = 50);

CREATE FUNCTION tokens_now(b rate_bucket) RETURNS double precision LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN b.blocked_until > now() THEN 0
              ELSE least(b.burst, b.tokens + greatest(0, extract(epoch FROM now() - b.refilled_at)) * (b.per_minute - b.burst) / 60) END
$$;

-- One row per certificate slot of an account. Its row lock gives order and superseding.
CREATE TABLE subject (
  subject_key      text PRIMARY KEY CHECK (length(subject_key) BETWEEN 3 AND 320),   -- account|certificateName
  account          text NOT NULL,
  certificate_name text NOT NULL,
  generation       bigint NOT NULL DEFAULT 0,           -- number of renewals ever accepted here
  current_id       uuid,                                -- the open renewal that may call SCM
  queued_id        uuid,                                -- the open renewal that waits for it (state QUEUED)
  delivered_id     uuid,                                -- the newest one that reached a target, or may have
  quiet_until      timestamptz,                         -- calls whose answers were lost may still act until then: no call before
  created_at       timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

-- The renewal: saga state and queue entry in one row.
CREATE TABLE renewal (
  id                 uuid PRIMARY KEY,                  -- renewalId: UUID version 8 of source and idempotency key
  round              smallint NOT NULL DEFAULT 1,       -- +1 when it is opened again: by a new record or by an operator
  subject_key        text NOT NULL REFERENCES subject,
  generation         bigint NOT NULL,                   -- order of acceptance within the subject
  account            text NOT NULL,
  certificate_name   text NOT NULL,
  payload_hash       bytea NOT NULL CHECK (octet_length(payload_hash) = 32),
  -- facts of the certificate (null only when REJECTED)
  leaf_sha256        bytea CHECK (octet_length(leaf_sha256) = 32),
  leaf_sha1          bytea CHECK (octet_length(leaf_sha1) = 20),
  scm_name           text CHECK (scm_name ~ '^[A-Za-z0-9_.-]{3,63}$'),
  sequence           bigint,
  not_before         timestamptz,
  not_after          timestamptz,
  event_time         timestamptz NOT NULL,
  certificate        jsonb NOT NULL DEFAULT '{}',       -- public facts only: subject, SANs, issuer, serial, key algorithm
  labels             jsonb NOT NULL DEFAULT '{}',
  always             boolean NOT NULL DEFAULT false,    -- redeliver: always
  replaces_not_after timestamptz,                       -- end of the certificate in service until now; for priority and severity
  -- state
  state              text NOT NULL CHECK (state IN ('READY','IMPORTING','RESOLVING','CONFIRMING','PUSHING','QUEUED','HELD',
                       'SUCCEEDED','UNCHANGED','PARTIAL','FAILED','REJECTED','SUPERSEDED','EXPIRED','CANCELLED')),
  held_from          text CHECK (held_from IN ('READY','RESOLVING','CONFIRMING','PUSHING')),
  hold               text CHECK (hold IN ('ACCOUNT','PERMISSION','OPERATOR','UNCLEAR')),
  reason_code        text,                              -- why it failed, waits or is held (docs/errors.md)
  failure            jsonb,                             -- the last failure, in the form the outcome event has it
  stop               text CHECK (stop IN ('SUPERSEDED','CANCELLED','HELD')),   -- a wish to a live lease holder
  superseded_by      uuid,
  scm_certificate_id text,
  imported           boolean,                           -- true: our import call made it; false: it was there
  due_push           smallint NOT NULL DEFAULT 0,       -- calls the next push step needs
  due_batch          smallint NOT NULL DEFAULT 0,
  -- queue
  lane               text GENERATED ALWAYS AS (CASE state
                       WHEN 'READY' THEN 'import' WHEN 'IMPORTING' THEN 'orphan' WHEN 'CONFIRMING' THEN 'look' WHEN 'RESOLVING' THEN 'look'
                       WHEN 'HELD' THEN 'held'
                       WHEN 'PUSHING' THEN CASE WHEN due_push > 0 AND due_batch > 0 THEN 'both' WHEN due_batch > 0 THEN 'batch' ELSE 'push' END
                     END) STORED,
  priority           smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),   -- 0 urgent, 1 normal, 2 bulk
  next_at            timestamptz NOT NULL,              -- due time, and lease expiry while leased
  deadline_at        timestamptz NOT NULL,
  deadline_reason    text NOT NULL DEFAULT 'DEADLINE_EXCEEDED', -- what to say when it passes: our own limit, or EVENT_EXPIRED
  lease_owner        text,
  lease_until        timestamptz NOT NULL DEFAULT '-infinity',   -- end of the last lease that was not given back
  epoch              bigint NOT NULL DEFAULT 0,         -- fence; also the ETag of the API
  attempts           integer NOT NULL DEFAULT 0,        -- failed tries in a row in this state
  looks              smallint NOT NULL DEFAULT 0,       -- looks in a row that did not find it
  unknowns           smallint NOT NULL DEFAULT 0,       -- import calls whose outcome nobody knew
  waiting_since      timestamptz,                       -- since when CONFIRMING or RESOLVING
  -- origin
  source             text NOT NULL,
  event_id           text NOT NULL,
  idempotency_key    text,
  correlation_id     text,
  cause              text,                              -- the event's reason and requestedBy, for people
  requested_by       text,
  channel            text NOT NULL DEFAULT 'kafka',
  topic              text,
  partition_no       integer,
  record_offset      bigint,
  record_at          timestamptz NOT NULL DEFAULT now(),   -- the record's timestamp
  traceparent        text,
  -- times
  accepted_at        timestamptz NOT NULL DEFAULT now(),   -- receivedAt
  started_at         timestamptz,
  confirmed_at       timestamptz,
  ended_at           timestamptz,
  updated_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (subject_key, generation),
  CONSTRAINT renewal_ended_iff_terminal CHECK ((ended_at IS NULL) = (state IN ('READY','IMPORTING','RESOLVING','CONFIRMING','PUSHING','QUEUED','HELD'))),
  CONSTRAINT renewal_held_has_a_why CHECK ((state = 'HELD') = (held_from IS NOT NULL AND hold IS NOT NULL)),
  CONSTRAINT renewal_ended_has_no_lease CHECK (lease_owner IS NULL OR ended_at IS NULL),
  CONSTRAINT renewal_scm_id_known CHECK (state NOT IN ('CONFIRMING','PUSHING','SUCCEEDED') OR scm_certificate_id IS NOT NULL),
  CONSTRAINT renewal_facts_known CHECK (state = 'REJECTED' OR (leaf_sha256 IS NOT NULL AND leaf_sha1 IS NOT NULL AND scm_name IS NOT NULL
                                AND not_before IS NOT NULL AND not_after IS NOT NULL))
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

CREATE INDEX renewal_due      ON renewal (account, lane, priority, next_at) WHERE ended_at IS NULL;
CREATE INDEX renewal_deadline ON renewal (deadline_at)                      WHERE ended_at IS NULL;
CREATE INDEX renewal_stop     ON renewal (stop)                             WHERE ended_at IS NULL AND stop IS NOT NULL;
CREATE UNIQUE INDEX renewal_one_current ON renewal (subject_key)            WHERE ended_at IS NULL AND state <> 'QUEUED';
CREATE UNIQUE INDEX renewal_one_queued  ON renewal (subject_key)            WHERE ended_at IS NULL AND state =  'QUEUED';
CREATE INDEX renewal_ended    ON renewal (ended_at)                         WHERE ended_at IS NOT NULL;
CREATE INDEX renewal_accepted ON renewal (accepted_at DESC, id);             -- pages of the API
CREATE INDEX renewal_leaf     ON renewal (account, leaf_sha256);

-- What an import needs, and nothing else does. Gone as soon as the import is confirmed.
CREATE TABLE renewal_key (
  renewal      uuid PRIMARY KEY REFERENCES renewal ON DELETE CASCADE,
  tink_key_id  bigint NOT NULL,                         -- key of the keyset that made the ciphertext; for re-encryption
  ciphertext   bytea  NOT NULL CHECK (octet_length(ciphertext) <= 16384),   -- Tink AEAD of the key PEM, AAD = renewal.id
  leaf_pem     text   NOT NULL CHECK (length(leaf_pem) <= 4096),
  chain_pem    text   NOT NULL CHECK (length(chain_pem) <= 8192),
  stored_at    timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50);
ALTER TABLE renewal_key ALTER ciphertext SET STORAGE EXTERNAL;

CREATE TABLE renewal_target (
  renewal               uuid NOT NULL REFERENCES renewal ON DELETE CASCADE,
  service               text NOT NULL CHECK (service IN ('CDN','ELB','WAF')),
  project               text NOT NULL DEFAULT '',       -- '' for CDN
  state                 text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING','SENT','RETRY','PUSHED','PRESENT','FAILED','SKIPPED')),
  attempts              smallint NOT NULL DEFAULT 0,
  unknowns              smallint NOT NULL DEFAULT 0,    -- pushes whose outcome nobody knows
  target_certificate_id text,                           -- from batch-push only
  reason_code           text,
  failure               jsonb,
  done_at               timestamptz,                    -- reachedAt, if reached
  PRIMARY KEY (renewal, service, project)
) WITH (fillfactor = 70);

-- Every SCM call: a row before it (the intent), completed after it.
CREATE TABLE attempt (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  renewal    uuid REFERENCES renewal ON DELETE CASCADE, -- null: a call for the whole account (list, probe)
  account    text NOT NULL,
  round      smallint, epoch bigint NOT NULL, owner text NOT NULL,
  operation  text NOT NULL CHECK (operation IN ('import','list','show','push','batch-push')),
  service    text, projects text[],
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz,
  outcome    text CHECK (outcome IN ('OK','REFUSED','THROTTLED','AUTH','UNKNOWN','NOT_SENT','ZOMBIE')),
  http_status smallint, error_code text, error_text text CHECK (length(error_text) <= 512), request_id text,
  answers    integer                                    -- list: how many waiting renewals it answered
) WITH (fillfactor = 80);
CREATE INDEX attempt_renewal ON attempt (renewal, id);
CREATE INDEX attempt_open    ON attempt (started_at) WHERE ended_at IS NULL;

CREATE TABLE outbox (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id   text NOT NULL UNIQUE,                      -- ce_id: <renewal.id>.<round>, or the refusal's id; a dead letter: dlq-<that>
  topic      text NOT NULL,
  msg_key    text NOT NULL,
  headers    jsonb NOT NULL,
  body       text,                                      -- exact bytes to send; null for a dead letter
  parked_at  timestamptz, error text,                   -- a record Kafka will never take; an operator decides
  created_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- Records that were refused. Never the payload.
CREATE TABLE refusal (
  id             uuid PRIMARY KEY,                      -- refusalId: UUID version 8 of the record's coordinates and hash
  channel        text NOT NULL, topic text, partition_no integer, record_offset bigint,
  payload_sha256 bytea NOT NULL CHECK (octet_length(payload_sha256) = 32),
  size_bytes     integer NOT NULL,
  reason_code    text NOT NULL, detail text CHECK (length(detail) <= 512),
  renewal        uuid,                                  -- the known renewal of an IDEMPOTENCY_CONFLICT
  certificate_name text, event_id text, source text,
  at             timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refusal_at ON refusal (at DESC, id);

CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL, action text NOT NULL, renewal uuid, account text,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 512), detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_renewal ON audit (renewal, id);

-- Duties that one replica at a time has: relay, purge, promote, tally.
CREATE TABLE duty (
  name text PRIMARY KEY, owner text, until timestamptz NOT NULL DEFAULT '-infinity', epoch bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO duty (name) VALUES ('relay'), ('purge'), ('promote'), ('tally');

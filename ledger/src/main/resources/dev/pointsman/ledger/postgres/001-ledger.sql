-- Times are milliseconds since 1970 UTC, durations milliseconds, money nano-dollars. NULL money is an unknown price, never 0.
-- Tables and views tell the same as those of a SQLite ledger of schema 4. Entries, calls and contents are partitioned by the
-- day of UTC on which the request began; partitions are made ahead by whoever writes and dropped by retention.

CREATE TABLE kind (
    number              BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    practice            BIGINT  NOT NULL CHECK (practice IN (0, 1)),
    category            TEXT    NOT NULL,
    source              TEXT    NOT NULL,
    unsure              BIGINT  NOT NULL CHECK (unsure IN (0, 1)),
    chosen_model        TEXT,
    answering_model     TEXT,
    provider            TEXT,
    fallback            BIGINT  NOT NULL CHECK (fallback IN (0, 1)),
    outcome             TEXT    NOT NULL CHECK (outcome IN ('ok', 'failed')),
    failure_kind        TEXT,
    tokens_estimated    BIGINT  NOT NULL CHECK (tokens_estimated IN (0, 1)),
    price_version       TEXT,
    baseline_model      TEXT,
    policy              TEXT    NOT NULL,
    session_step        TEXT    CHECK (session_step IN ('free', 'stayed', 'switched')),
    stay_reason         TEXT    CHECK (stay_reason IN ('tool_loop', 'switch_spend', 'price_unknown')),
    vetoed_model        TEXT
);

-- The attempt columns are NULL where the attempts are in call. Tags are a JSON object.
CREATE TABLE entry (
    id                  TEXT    NOT NULL,
    at_ms               BIGINT  NOT NULL,
    kind                BIGINT  NOT NULL,
    task_hash           BYTEA   NOT NULL,
    session_hash        BYTEA,
    confidence          DOUBLE PRECISION NOT NULL,
    estimated_input     BIGINT  NOT NULL,
    input_tokens        BIGINT  NOT NULL,
    output_tokens       BIGINT  NOT NULL,
    cache_read_tokens   BIGINT  NOT NULL,
    cache_write_tokens  BIGINT  NOT NULL,
    reasoning_tokens    BIGINT  NOT NULL,
    cost_nanos          BIGINT,
    classification_nanos BIGINT,
    baseline_nanos      BIGINT,
    switch_nanos        BIGINT,
    left_out            BIGINT,
    latency_ms          BIGINT  NOT NULL,
    first_content_ms    BIGINT,
    caller              TEXT,
    tags                JSONB,
    attempt_start_ms    BIGINT,
    attempt_latency_ms  BIGINT,
    attempt_first_content_ms BIGINT,
    PRIMARY KEY (id, at_ms)
) PARTITION BY RANGE (at_ms);

CREATE INDEX entry_at ON entry (at_ms);

CREATE TABLE call (
    request_id          TEXT    NOT NULL,
    at_ms               BIGINT  NOT NULL,
    number              BIGINT  NOT NULL,
    purpose             TEXT    NOT NULL CHECK (purpose IN ('answer', 'classify')),
    provider            TEXT    NOT NULL,
    model               TEXT    NOT NULL,
    start_ms            BIGINT  NOT NULL,
    latency_ms          BIGINT  NOT NULL,
    first_content_ms    BIGINT,
    input_tokens        BIGINT  NOT NULL,
    output_tokens       BIGINT  NOT NULL,
    cache_read_tokens   BIGINT  NOT NULL,
    cache_write_tokens  BIGINT  NOT NULL,
    reasoning_tokens    BIGINT  NOT NULL,
    tokens_estimated    BIGINT  NOT NULL CHECK (tokens_estimated IN (0, 1)),
    cost_nanos          BIGINT,
    price_version       TEXT,
    failure_kind        TEXT,
    failure_message     TEXT,
    PRIMARY KEY (request_id, number, at_ms)
) PARTITION BY RANGE (at_ms);

-- Only where the operator asked for it: the conversation and its answer, in order.
CREATE TABLE content (
    request_id          TEXT    NOT NULL,
    at_ms               BIGINT  NOT NULL,
    number              BIGINT  NOT NULL,
    role                TEXT    NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'answer')),
    text                TEXT    NOT NULL,
    PRIMARY KEY (request_id, number, at_ms)
) PARTITION BY RANGE (at_ms);

CREATE TABLE rollup (
    dimension           TEXT    NOT NULL CHECK (dimension IN ('total', 'category', 'model', 'caller')),
    hour_ms             BIGINT  NOT NULL,
    practice            BIGINT  NOT NULL CHECK (practice IN (0, 1)),
    key                 TEXT    NOT NULL,
    requests            BIGINT  NOT NULL,
    failed              BIGINT  NOT NULL,
    fallbacks           BIGINT  NOT NULL,
    estimated           BIGINT  NOT NULL,
    input_tokens        BIGINT  NOT NULL,
    output_tokens       BIGINT  NOT NULL,
    cache_read_tokens   BIGINT  NOT NULL,
    cache_write_tokens  BIGINT  NOT NULL,
    reasoning_tokens    BIGINT  NOT NULL,
    cost_nanos          BIGINT  NOT NULL,
    cost_unknown        BIGINT  NOT NULL,
    classification_nanos BIGINT NOT NULL,
    classification_unknown BIGINT NOT NULL,
    saved_nanos         BIGINT  NOT NULL,
    saved_unknown       BIGINT  NOT NULL,
    latency             BYTEA   NOT NULL,
    first_content       BYTEA   NOT NULL,
    PRIMARY KEY (dimension, hour_ms, practice, key)
);

CREATE TABLE kept (
    since_ms            BIGINT  NOT NULL
);

INSERT INTO kept (since_ms) VALUES (0);

CREATE VIEW request AS
SELECT e.id, e.at_ms, k.practice, e.task_hash, e.session_hash, k.category, e.confidence, k.source, k.unsure, k.chosen_model,
       k.answering_model, k.provider, k.fallback, k.outcome, k.failure_kind, e.estimated_input, e.input_tokens, e.output_tokens,
       e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated, e.cost_nanos, e.classification_nanos,
       k.price_version, k.baseline_model, e.baseline_nanos, e.latency_ms, e.first_content_ms, e.caller, k.policy, e.tags,
       k.session_step, k.stay_reason, k.vetoed_model, e.switch_nanos, e.left_out
FROM entry e JOIN kind k ON k.number = e.kind;

CREATE VIEW attempt AS
SELECT e.id AS request_id, 1::BIGINT AS number, 'answer'::TEXT AS purpose, k.provider, k.answering_model AS model,
       e.attempt_start_ms AS start_ms, e.attempt_latency_ms AS latency_ms, e.attempt_first_content_ms AS first_content_ms,
       e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated,
       e.cost_nanos, k.price_version, NULL::TEXT AS failure_kind, NULL::TEXT AS failure_message
FROM entry e JOIN kind k ON k.number = e.kind
WHERE e.attempt_start_ms IS NOT NULL
UNION ALL
SELECT request_id, number, purpose, provider, model, start_ms, latency_ms, first_content_ms, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, reasoning_tokens, tokens_estimated, cost_nanos, price_version, failure_kind,
       failure_message
FROM call;

CREATE VIEW tag AS
SELECT e.id AS request_id, t.key, t.value
FROM entry e CROSS JOIN LATERAL jsonb_each_text(e.tags) t;

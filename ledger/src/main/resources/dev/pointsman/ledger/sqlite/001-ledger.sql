-- Times are milliseconds since 1970 UTC, durations milliseconds, money nano-dollars. NULL money is an unknown price, never 0.

CREATE TABLE request (
    id                  TEXT    NOT NULL PRIMARY KEY,
    at_ms               INTEGER NOT NULL,
    practice            INTEGER NOT NULL CHECK (practice IN (0, 1)),
    task_hash           BLOB    NOT NULL,
    session_hash        BLOB,
    category            TEXT    NOT NULL,
    confidence          REAL    NOT NULL,
    source              TEXT    NOT NULL,
    unsure              INTEGER NOT NULL CHECK (unsure IN (0, 1)),
    chosen_model        TEXT,
    answering_model     TEXT,
    provider            TEXT,
    fallback            INTEGER NOT NULL CHECK (fallback IN (0, 1)),
    outcome             TEXT    NOT NULL CHECK (outcome IN ('ok', 'failed')),
    failure_kind        TEXT,
    estimated_input     INTEGER NOT NULL,
    input_tokens        INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    cache_read_tokens   INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    reasoning_tokens    INTEGER NOT NULL,
    tokens_estimated    INTEGER NOT NULL CHECK (tokens_estimated IN (0, 1)),
    cost_nanos          INTEGER,
    classification_nanos INTEGER,
    price_version       TEXT,
    baseline_model      TEXT,
    baseline_nanos      INTEGER,
    latency_ms          INTEGER NOT NULL,
    first_content_ms    INTEGER,
    caller              TEXT,
    policy              TEXT    NOT NULL
) STRICT;

CREATE INDEX request_at ON request (at_ms);

CREATE TABLE tag (
    request_id          TEXT    NOT NULL REFERENCES request (id),
    key                 TEXT    NOT NULL,
    value               TEXT    NOT NULL,
    PRIMARY KEY (request_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
    request_id          TEXT    NOT NULL REFERENCES request (id),
    number              INTEGER NOT NULL,
    purpose             TEXT    NOT NULL CHECK (purpose IN ('answer', 'classify')),
    provider            TEXT    NOT NULL,
    model               TEXT    NOT NULL,
    start_ms            INTEGER NOT NULL,
    latency_ms          INTEGER NOT NULL,
    first_content_ms    INTEGER,
    input_tokens        INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    cache_read_tokens   INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    reasoning_tokens    INTEGER NOT NULL,
    tokens_estimated    INTEGER NOT NULL CHECK (tokens_estimated IN (0, 1)),
    cost_nanos          INTEGER,
    price_version       TEXT,
    failure_kind        TEXT,
    failure_message     TEXT,
    PRIMARY KEY (request_id, number)
) STRICT, WITHOUT ROWID;

-- Only where the operator asked for it: the conversation and its answer, in order.
CREATE TABLE content (
    request_id          TEXT    NOT NULL REFERENCES request (id),
    number              INTEGER NOT NULL,
    role                TEXT    NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'answer')),
    text                TEXT    NOT NULL,
    PRIMARY KEY (request_id, number)
) STRICT, WITHOUT ROWID;

-- A request is one narrow row: what many have in common stands once in kind, its tags are a column, and so is its attempt
-- where there was only the one that answered. The views request, attempt and tag show all of it as before.

ALTER TABLE request RENAME TO wide_request;
ALTER TABLE attempt RENAME TO wide_attempt;
ALTER TABLE tag RENAME TO wide_tag;
ALTER TABLE content RENAME TO wide_content;

DROP INDEX request_at;

CREATE TABLE kind (
    number              INTEGER NOT NULL PRIMARY KEY,
    practice            INTEGER NOT NULL CHECK (practice IN (0, 1)),
    category            TEXT    NOT NULL,
    source              TEXT    NOT NULL,
    unsure              INTEGER NOT NULL CHECK (unsure IN (0, 1)),
    chosen_model        TEXT,
    answering_model     TEXT,
    provider            TEXT,
    fallback            INTEGER NOT NULL CHECK (fallback IN (0, 1)),
    outcome             TEXT    NOT NULL CHECK (outcome IN ('ok', 'failed')),
    failure_kind        TEXT,
    tokens_estimated    INTEGER NOT NULL CHECK (tokens_estimated IN (0, 1)),
    price_version       TEXT,
    baseline_model      TEXT,
    policy              TEXT    NOT NULL
) STRICT;

CREATE INDEX kind_found ON kind (policy, category, chosen_model, answering_model);

-- The attempt columns are NULL where the attempts are in call. Tags are a JSON object.
CREATE TABLE entry (
    id                  TEXT    NOT NULL PRIMARY KEY,
    at_ms               INTEGER NOT NULL,
    kind                INTEGER NOT NULL REFERENCES kind (number),
    task_hash           BLOB    NOT NULL,
    session_hash        BLOB,
    confidence          REAL    NOT NULL,
    estimated_input     INTEGER NOT NULL,
    input_tokens        INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    cache_read_tokens   INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    reasoning_tokens    INTEGER NOT NULL,
    cost_nanos          INTEGER,
    classification_nanos INTEGER,
    baseline_nanos      INTEGER,
    latency_ms          INTEGER NOT NULL,
    first_content_ms    INTEGER,
    caller              TEXT,
    tags                TEXT,
    attempt_start_ms    INTEGER,
    attempt_latency_ms  INTEGER,
    attempt_first_content_ms INTEGER
) STRICT;

CREATE INDEX entry_at ON entry (at_ms);

CREATE TABLE call (
    request_id          TEXT    NOT NULL REFERENCES entry (id),
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
    request_id          TEXT    NOT NULL REFERENCES entry (id),
    number              INTEGER NOT NULL,
    role                TEXT    NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'answer')),
    text                TEXT    NOT NULL,
    PRIMARY KEY (request_id, number)
) STRICT, WITHOUT ROWID;

INSERT INTO kind (practice, category, source, unsure, chosen_model, answering_model, provider, fallback, outcome, failure_kind,
                  tokens_estimated, price_version, baseline_model, policy)
SELECT DISTINCT practice, category, source, unsure, chosen_model, answering_model, provider, fallback, outcome, failure_kind,
                tokens_estimated, price_version, baseline_model, policy
FROM wide_request;

INSERT INTO entry (id, at_ms, kind, task_hash, session_hash, confidence, estimated_input, input_tokens, output_tokens,
                   cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_nanos, classification_nanos, baseline_nanos,
                   latency_ms, first_content_ms, caller, tags)
SELECT r.id, r.at_ms, k.number, r.task_hash, r.session_hash, r.confidence, r.estimated_input, r.input_tokens, r.output_tokens,
       r.cache_read_tokens, r.cache_write_tokens, r.reasoning_tokens, r.cost_nanos, r.classification_nanos, r.baseline_nanos,
       r.latency_ms, r.first_content_ms, r.caller,
       (SELECT nullif(json_group_object(t.key, t.value), '{}') FROM wide_tag t WHERE t.request_id = r.id)
FROM wide_request r CROSS JOIN kind k
WHERE k.policy = r.policy AND k.category = r.category AND k.chosen_model IS r.chosen_model
  AND k.answering_model IS r.answering_model AND k.practice = r.practice AND k.source = r.source AND k.unsure = r.unsure
  AND k.provider IS r.provider AND k.fallback = r.fallback AND k.outcome = r.outcome AND k.failure_kind IS r.failure_kind
  AND k.tokens_estimated = r.tokens_estimated AND k.price_version IS r.price_version AND k.baseline_model IS r.baseline_model
ORDER BY r.rowid;

INSERT INTO call SELECT * FROM wide_attempt;
INSERT INTO content SELECT * FROM wide_content;

DROP TABLE wide_content;
DROP TABLE wide_tag;
DROP TABLE wide_attempt;
DROP TABLE wide_request;

CREATE VIEW request AS
SELECT e.id, e.at_ms, k.practice, e.task_hash, e.session_hash, k.category, e.confidence, k.source, k.unsure, k.chosen_model,
       k.answering_model, k.provider, k.fallback, k.outcome, k.failure_kind, e.estimated_input, e.input_tokens, e.output_tokens,
       e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated, e.cost_nanos, e.classification_nanos,
       k.price_version, k.baseline_model, e.baseline_nanos, e.latency_ms, e.first_content_ms, e.caller, k.policy, e.tags
FROM entry e CROSS JOIN kind k
WHERE k.number = e.kind;

CREATE VIEW attempt AS
SELECT e.id AS request_id, 1 AS number, 'answer' AS purpose, k.provider, k.answering_model AS model,
       e.attempt_start_ms AS start_ms, e.attempt_latency_ms AS latency_ms, e.attempt_first_content_ms AS first_content_ms,
       e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated,
       e.cost_nanos, k.price_version, NULL AS failure_kind, NULL AS failure_message
FROM entry e CROSS JOIN kind k
WHERE k.number = e.kind AND e.attempt_start_ms IS NOT NULL
UNION ALL
SELECT request_id, number, purpose, provider, model, start_ms, latency_ms, first_content_ms, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, reasoning_tokens, tokens_estimated, cost_nanos, price_version, failure_kind,
       failure_message
FROM call;

CREATE VIEW tag AS
SELECT e.id AS request_id, t.key, t.value
FROM entry e CROSS JOIN json_each(e.tags) t;

-- key_name is the name of the key a request was asked with; NULL without one. detail is what of its tokens is priced apart: a
-- JSON object of the kinds that there are, and the service that answered where it was not the usual one; NULL where all is
-- priced alike. former_cost is what attempts cost before a repricing, and number 0 what a request's baseline did.

ALTER TABLE kind ADD COLUMN key_name TEXT;
ALTER TABLE entry ADD COLUMN detail TEXT;
ALTER TABLE call ADD COLUMN detail TEXT;

DROP INDEX kind_found;

CREATE INDEX kind_found ON kind (policy, category, chosen_model, answering_model, key_name);

CREATE TABLE former_cost (
    request_id          TEXT    NOT NULL REFERENCES entry (id),
    number              INTEGER NOT NULL,
    repriced_ms         INTEGER NOT NULL,
    cost_nanos          INTEGER,
    price_version       TEXT,
    PRIMARY KEY (request_id, number, repriced_ms)
) STRICT, WITHOUT ROWID;

DROP VIEW request;
DROP VIEW attempt;

CREATE VIEW request AS
SELECT e.id, e.at_ms, k.practice, e.task_hash, e.session_hash, k.category, e.confidence, k.source, k.unsure, k.chosen_model,
       k.answering_model, k.provider, k.fallback, k.outcome, k.failure_kind, e.estimated_input, e.input_tokens, e.output_tokens,
       e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated, e.cost_nanos, e.classification_nanos,
       k.price_version, k.baseline_model, e.baseline_nanos, e.latency_ms, e.first_content_ms, e.caller, k.policy, e.tags,
       k.session_step, k.stay_reason, k.vetoed_model, e.switch_nanos, e.left_out, k.key_name, e.detail
FROM entry e CROSS JOIN kind k
WHERE k.number = e.kind;

CREATE VIEW attempt AS
SELECT e.id AS request_id, 1 AS number, 'answer' AS purpose, k.provider, k.answering_model AS model,
       e.attempt_start_ms AS start_ms, e.attempt_latency_ms AS latency_ms, e.attempt_first_content_ms AS first_content_ms,
       e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated,
       e.cost_nanos, k.price_version, NULL AS failure_kind, NULL AS failure_message, e.detail
FROM entry e CROSS JOIN kind k
WHERE k.number = e.kind AND e.attempt_start_ms IS NOT NULL
UNION ALL
SELECT request_id, number, purpose, provider, model, start_ms, latency_ms, first_content_ms, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, reasoning_tokens, tokens_estimated, cost_nanos, price_version, failure_kind,
       failure_message, detail
FROM call;

-- Requests were asked with a key nobody noted: what they came to by key is what they came to.

ALTER TABLE rollup RENAME TO keyless_rollup;

CREATE TABLE rollup (
    dimension           TEXT    NOT NULL CHECK (dimension IN ('total', 'category', 'model', 'caller', 'key')),
    hour_ms             INTEGER NOT NULL,
    practice            INTEGER NOT NULL CHECK (practice IN (0, 1)),
    key                 TEXT    NOT NULL,
    requests            INTEGER NOT NULL,
    failed              INTEGER NOT NULL,
    fallbacks           INTEGER NOT NULL,
    estimated           INTEGER NOT NULL,
    input_tokens        INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    cache_read_tokens   INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    reasoning_tokens    INTEGER NOT NULL,
    cost_nanos          INTEGER NOT NULL,
    cost_unknown        INTEGER NOT NULL,
    classification_nanos INTEGER NOT NULL,
    classification_unknown INTEGER NOT NULL,
    saved_nanos         INTEGER NOT NULL,
    saved_unknown       INTEGER NOT NULL,
    latency             BLOB    NOT NULL,
    first_content       BLOB    NOT NULL,
    PRIMARY KEY (dimension, hour_ms, practice, key)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup SELECT * FROM keyless_rollup;

INSERT INTO rollup
SELECT 'key', hour_ms, practice, '(none)', requests, failed, fallbacks, estimated, input_tokens, output_tokens, cache_read_tokens,
       cache_write_tokens, reasoning_tokens, cost_nanos, cost_unknown, classification_nanos, classification_unknown, saved_nanos,
       saved_unknown, latency, first_content
FROM keyless_rollup WHERE dimension = 'total';

DROP TABLE keyless_rollup;

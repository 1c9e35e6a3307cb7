-- key_name is the name of the key a request was asked with; NULL without one. detail is what of its tokens is priced apart: a
-- JSON object of the kinds that there are, and the service that answered where it was not the usual one; NULL where all is
-- priced alike. former_cost is what attempts cost before a repricing, and number 0 what a request's baseline did.

ALTER TABLE kind ADD COLUMN key_name TEXT;
ALTER TABLE entry ADD COLUMN detail JSONB;
ALTER TABLE call ADD COLUMN detail JSONB;

CREATE TABLE former_cost (
    request_id          TEXT    NOT NULL,
    at_ms               BIGINT  NOT NULL,
    number              BIGINT  NOT NULL,
    repriced_ms         BIGINT  NOT NULL,
    cost_nanos          BIGINT,
    price_version       TEXT,
    PRIMARY KEY (request_id, number, repriced_ms, at_ms)
) PARTITION BY RANGE (at_ms);

DROP VIEW request;
DROP VIEW attempt;

CREATE VIEW request AS
SELECT e.id, e.at_ms, k.practice, e.task_hash, e.session_hash, k.category, e.confidence, k.source, k.unsure, k.chosen_model,
       k.answering_model, k.provider, k.fallback, k.outcome, k.failure_kind, e.estimated_input, e.input_tokens, e.output_tokens,
       e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated, e.cost_nanos, e.classification_nanos,
       k.price_version, k.baseline_model, e.baseline_nanos, e.latency_ms, e.first_content_ms, e.caller, k.policy, e.tags,
       k.session_step, k.stay_reason, k.vetoed_model, e.switch_nanos, e.left_out, k.key_name, e.detail
FROM entry e JOIN kind k ON k.number = e.kind;

CREATE VIEW attempt AS
SELECT e.id AS request_id, 1::BIGINT AS number, 'answer'::TEXT AS purpose, k.provider, k.answering_model AS model,
       e.attempt_start_ms AS start_ms, e.attempt_latency_ms AS latency_ms, e.attempt_first_content_ms AS first_content_ms,
       e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated,
       e.cost_nanos, k.price_version, NULL::TEXT AS failure_kind, NULL::TEXT AS failure_message, e.detail
FROM entry e JOIN kind k ON k.number = e.kind
WHERE e.attempt_start_ms IS NOT NULL
UNION ALL
SELECT request_id, number, purpose, provider, model, start_ms, latency_ms, first_content_ms, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, reasoning_tokens, tokens_estimated, cost_nanos, price_version, failure_kind,
       failure_message, detail
FROM call;

-- Requests were asked with a key nobody noted: what they came to by key is what they came to.

ALTER TABLE rollup DROP CONSTRAINT rollup_dimension_check;

ALTER TABLE rollup ADD CONSTRAINT rollup_dimension_check
    CHECK (dimension IN ('total', 'category', 'model', 'caller', 'key'));

INSERT INTO rollup
SELECT 'key', hour_ms, practice, '(none)', requests, failed, fallbacks, estimated, input_tokens, output_tokens, cache_read_tokens,
       cache_write_tokens, reasoning_tokens, cost_nanos, cost_unknown, classification_nanos, classification_unknown, saved_nanos,
       saved_unknown, latency, first_content
FROM rollup WHERE dimension = 'total';

-- What the conversation of a request did to its decision: free, stayed or switched; NULL without one. Where it stayed against
-- the route's choice, why, and which model was vetoed. switch_nanos is what the change would have cost, or did by estimate.
-- left_out counts what of the request the model that answered was not told; NULL if it was told all.

ALTER TABLE kind ADD COLUMN session_step TEXT CHECK (session_step IN ('free', 'stayed', 'switched'));
ALTER TABLE kind ADD COLUMN stay_reason TEXT CHECK (stay_reason IN ('tool_loop', 'switch_spend', 'price_unknown'));
ALTER TABLE kind ADD COLUMN vetoed_model TEXT;
ALTER TABLE entry ADD COLUMN switch_nanos INTEGER;
ALTER TABLE entry ADD COLUMN left_out INTEGER;

DROP VIEW request;

CREATE VIEW request AS
SELECT e.id, e.at_ms, k.practice, e.task_hash, e.session_hash, k.category, e.confidence, k.source, k.unsure, k.chosen_model,
       k.answering_model, k.provider, k.fallback, k.outcome, k.failure_kind, e.estimated_input, e.input_tokens, e.output_tokens,
       e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, k.tokens_estimated, e.cost_nanos, e.classification_nanos,
       k.price_version, k.baseline_model, e.baseline_nanos, e.latency_ms, e.first_content_ms, e.caller, k.policy, e.tags,
       k.session_step, k.stay_reason, k.vetoed_model, e.switch_nanos, e.left_out
FROM entry e CROSS JOIN kind k
WHERE k.number = e.kind;

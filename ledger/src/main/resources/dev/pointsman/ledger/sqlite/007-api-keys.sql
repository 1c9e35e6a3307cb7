-- Keys that let callers in: of each only the SHA-256 of its text and its last characters (hint). What it may spend is as in
-- 50usd/month; NULL is any amount, and 0 requests or tokens a minute any number. Models and categories are joined by commas;
-- empty is all. A revoked key stays, so that its name in old requests still means something; its name may be taken again.

CREATE TABLE api_key (
    hash                BLOB    NOT NULL PRIMARY KEY,
    name                TEXT    NOT NULL,
    hint                TEXT    NOT NULL,
    budget              TEXT,
    requests_per_minute INTEGER NOT NULL CHECK (requests_per_minute >= 0),
    tokens_per_minute   INTEGER NOT NULL CHECK (tokens_per_minute >= 0),
    models              TEXT    NOT NULL,
    categories          TEXT    NOT NULL,
    created_ms          INTEGER NOT NULL,
    revoked_ms          INTEGER
) STRICT;

CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_ms IS NULL;

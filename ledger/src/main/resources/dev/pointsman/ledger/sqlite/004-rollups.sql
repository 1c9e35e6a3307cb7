-- What the requests of an hour came to, once for all of them and once for each value that reports group by: dimension is total,
-- category, model or caller. Written in the transaction that writes the requests, and kept when they are deleted.
-- Times that requests took are counted in buckets: pairs of varints, the distance from the bucket before and the count.
-- kept says up to when whole hours of requests were deleted.

CREATE TABLE rollup (
    dimension           TEXT    NOT NULL CHECK (dimension IN ('total', 'category', 'model', 'caller')),
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

CREATE TABLE kept (
    since_ms            INTEGER NOT NULL
) STRICT;

INSERT INTO kept (since_ms) VALUES (0);

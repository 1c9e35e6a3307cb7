-- What is spent of budgets: an account (all, key:NAME, tag:NAME=VALUE) in a period, from its first request under a budget on.
-- spent_nanos is the sum of what the requests cost that began in it, charged in the transaction that writes them; unpriced counts
-- those whose cost nobody knows and for which nothing could be charged. reserved_nanos is the sum of its reservations: what
-- requests under way may come to cost, held back until they are written, or until until_ms.

CREATE TABLE spend (
    number              INTEGER NOT NULL PRIMARY KEY,
    account             TEXT    NOT NULL,
    period              TEXT    NOT NULL CHECK (period IN ('hour', 'day', 'week', 'month', 'year', 'ever')),
    begin_ms            INTEGER NOT NULL,
    end_ms              INTEGER NOT NULL,
    spent_nanos         INTEGER NOT NULL,
    unpriced            INTEGER NOT NULL,
    reserved_nanos      INTEGER NOT NULL,
    UNIQUE (account, period, begin_ms)
) STRICT;

CREATE TABLE reservation (
    request_id          TEXT    NOT NULL,
    spend               INTEGER NOT NULL REFERENCES spend (number),
    nanos               INTEGER NOT NULL,
    until_ms            INTEGER NOT NULL,
    PRIMARY KEY (request_id, spend)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservation_until ON reservation (until_ms);

-- Tags that have budgets, by period: whoever writes requests keeps an account for each of their values, new ones too.

CREATE TABLE tracked (
    tag                 TEXT    NOT NULL,
    period              TEXT    NOT NULL,
    PRIMARY KEY (tag, period)
) STRICT, WITHOUT ROWID;

-- What is spent of budgets: an account (all, key:NAME, tag:NAME=VALUE) in a period, from its first request under a budget on.
-- spent_nanos is the sum of what the requests cost that began in it, charged in the transaction that writes them; unpriced counts
-- those whose cost nobody knows and for which nothing could be charged. reserved_nanos is the sum of its reservations: what
-- requests under way may come to cost, held back until they are written, or until until_ms.

CREATE TABLE spend (
    number              BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account             TEXT    NOT NULL,
    period              TEXT    NOT NULL CHECK (period IN ('hour', 'day', 'week', 'month', 'year', 'ever')),
    begin_ms            BIGINT  NOT NULL,
    end_ms              BIGINT  NOT NULL,
    spent_nanos         BIGINT  NOT NULL,
    unpriced            BIGINT  NOT NULL,
    reserved_nanos      BIGINT  NOT NULL,
    UNIQUE (account, period, begin_ms)
);

CREATE TABLE reservation (
    request_id          TEXT    NOT NULL,
    spend               BIGINT  NOT NULL REFERENCES spend (number),
    nanos               BIGINT  NOT NULL,
    until_ms            BIGINT  NOT NULL,
    PRIMARY KEY (request_id, spend)
);

CREATE INDEX reservation_until ON reservation (until_ms);

-- Tags that have budgets, by period: whoever writes requests keeps an account for each of their values, new ones too.

CREATE TABLE tracked (
    tag                 TEXT    NOT NULL,
    period              TEXT    NOT NULL,
    PRIMARY KEY (tag, period)
);

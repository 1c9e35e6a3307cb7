package dev.pointsman.call;

import dev.pointsman.core.Failure.Phase;
import dev.pointsman.transport.Exchange;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** What a simulated provider does instead of answering well. */
enum Trouble {
    REFUSES_CONNECTIONS {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.failed(Phase.CONNECT, SOON);
        }
    },
    CONNECTS_NEVER {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.connectsNever(exchange);
        }
    },
    RESETS_BEFORE_HEADERS {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.failed(Phase.REQUEST, SOON);
        }
    },
    RESETS_AFTER_HEADERS {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.failed(Phase.RESPONSE, SOON);
        }
    },
    BREAKS_OFF {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return well.brokenOff();
        }
    },
    FAILS {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.fails(exchange, SOON, 500, "internal error");
        }
    },
    FAILS_BEHIND_A_PROXY {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.fails(exchange, SOON, 502, "bad gateway");
        }
    },
    IS_OVERLOADED {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.fails(exchange, SOON, 529, "overloaded");
        }
    },
    IS_OVERLOADED_FOR_A_TIME {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.limits(exchange, SOON, 503, Duration.ofSeconds(30));
        }
    },
    LIMITS_RATES {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return random.nextInt(4) == 0
                    ? well
                    : SimAnswer.limits(exchange, SOON, 429, Duration.ofSeconds(5));
        }
    },
    LIMITS_RATES_FOR_A_DAY {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.limits(exchange, SOON, 429, Duration.ofDays(1));
        }
    },
    TELLS_LIMITS_IN_HEADERS {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return well.withNothingLeft(Duration.ofSeconds(20));
        }
    },
    HAS_NO_QUOTA {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.fails(exchange, SOON, 429, "You exceeded your current quota");
        }
    },
    REFUSES_THE_KEY {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.fails(exchange, SOON, 401, "invalid key");
        }
    },
    HANGS {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.hangs();
        }
    },
    ANSWERS_NOTHING {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.empty(exchange, SOON);
        }
    },
    BEGINS_WITH_AN_ERROR {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.errorFirst(exchange, SOON);
        }
    },
    ANSWERS_A_WEB_PAGE {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return SimAnswer.garbage(SOON);
        }
    },
    FAILS_EVERY_OTHER_CALL {
        @Override
        SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random) {
            return random.nextBoolean() ? well : SimAnswer.fails(exchange, SOON, 500, "error");
        }
    };

    private static final Duration SOON = Duration.ofMillis(20);

    /**
     * @param well what it would answer in good health
     */
    abstract SimAnswer answer(Exchange exchange, SimAnswer well, RandomGenerator random);
}

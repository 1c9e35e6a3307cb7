package dev.pointsman.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;

/** Amounts, and the one nobody knows. */
class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0, $0.00",
        "1, $0.000000001",
        "1000000000, $1.00",
        "12340000000, $12.34",
        "-500000000, -$0.50",
        "9223372036854775807, $9223372036.854775807"
    })
    void amount_forPeople_hasAsManyDecimalsAsItTakes(long nanos, String shown) {
        assertThat(Money.ofNanos(nanos)).hasToString(shown);
    }

    @Test
    void amount_inDollars_isExact() {
        assertThat(Money.ofNanos(1_252_279_000L).usd()).isEqualTo(new BigDecimal("1.252279"));
        assertThat(Money.ofNanos(90_000_000_000L).usd()).isEqualTo(new BigDecimal("90"));
        assertThat(Money.ofUsd(new BigDecimal("0.000000001")).nanos()).isEqualTo(1);
        assertThatThrownBy(() -> Money.ofUsd(new BigDecimal("0.0000000001")))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void unknown_addedToAnything_staysUnknownAndIsNotZero() {
        Money one = Money.ofNanos(1);

        assertThat(one.plus(Money.UNKNOWN)).isEqualTo(Money.UNKNOWN);
        assertThat(Money.UNKNOWN.minus(one).isKnown()).isFalse();
        assertThat(Money.UNKNOWN).isNotEqualTo(Money.ZERO).hasToString("unknown");
        assertThatThrownBy(Money.UNKNOWN::nanos).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(Money.UNKNOWN::usd).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sum_beyondALong_isRefused() {
        assertThatThrownBy(() -> Money.ofNanos(Long.MAX_VALUE).plus(Money.ofNanos(1)))
                .isInstanceOf(ArithmeticException.class);
    }
}

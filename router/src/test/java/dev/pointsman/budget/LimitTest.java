package dev.pointsman.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

class LimitTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"50usd/month", "0.25usd/day", "1.000000001usd/hour", "0usd/week", "7usd"})
    void of_whatItPrints_isTheSame(String text) {
        assertThat(Limit.of(text)).hasToString(text).isEqualTo(Limit.of(text));
    }

    @Test
    void of_spacesAndEver_areRead() {
        assertThat(Limit.of(" 50 usd / month ")).isEqualTo(Limit.of("50usd/month"));
        assertThat(Limit.of("50usd/ever")).isEqualTo(Limit.of("50usd"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"50", "50eur/month", "usd/day", "-1usd", "1.0000000001usd", "5usd/moon", ""})
    void of_anythingElse_saysWhatIsWrong(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.of(text))
                .withMessageContaining("is no amount such as 50usd/month: the ");
    }

    @ParameterizedTest
    @CsvSource({
        "hour, 2026-11-29T13:00:00Z, 2026-11-29T14:00:00Z",
        "day, 2026-11-29T00:00:00Z, 2026-11-30T00:00:00Z",
        "week, 2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
        "month, 2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z",
        "year, 2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z"
    })
    void period_beginsAndEnds(String label, Instant begin, Instant next) {
        Period period = Period.of(label).orElseThrow();

        assertThat(period.begin(Instant.parse("2026-11-29T13:59:59.999Z"))).isEqualTo(begin);
        assertThat(period.next(Instant.parse("2026-11-29T13:59:59.999Z"))).contains(next);
        assertThat(period.begin(begin)).isEqualTo(begin);
    }

    @Test
    void period_ever_neverEnds() {
        assertThat(Period.EVER.begin(Instant.parse("2026-11-29T13:59:59Z")))
                .isEqualTo(Instant.EPOCH);
        assertThat(Period.EVER.next(Instant.EPOCH)).isEmpty();
    }
}

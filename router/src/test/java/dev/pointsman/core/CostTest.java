package dev.pointsman.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** Tokens times rates, to the nano-dollar. */
class CostTest {

    private static final Rates HAIKU =
            Rates.usdPerMillion("1", "5")
                    .withCache(
                            OptionalLong.of(Rates.rate("0.1")),
                            OptionalLong.of(Rates.rate("1.25")));

    @Test
    void cost_ofEveryKindOfToken_isItsOwnRate() {
        Cost cost = Cost.of(Price.flat(HAIKU, "v1"), Usage.of(1_000, 100).withCache(10_000, 2_000));

        assertThat(cost.input().nanos()).isEqualTo(1_000_000);
        assertThat(cost.output().nanos()).isEqualTo(500_000);
        assertThat(cost.cacheRead().nanos()).isEqualTo(1_000_000);
        assertThat(cost.cacheWrite().nanos()).isEqualTo(2_500_000);
        assertThat(cost.total().nanos()).isEqualTo(5_000_000);
        assertThat(cost.priceVersion()).isEqualTo("v1");
    }

    @Test
    void cacheRates_thatAreMissing_readAsInputAndWriteAsUnknown() {
        Price price = Price.flat(Rates.usdPerMillion("1", "5"), "v1");

        assertThat(Cost.of(price, Usage.of(0, 0).withCache(1_000_000, 0)).total().usd())
                .isEqualTo(BigDecimal.ONE);
        assertThat(Cost.of(price, Usage.of(5, 5).withCache(0, 1)).total()).isEqualTo(Money.UNKNOWN);
    }

    @Test
    void tier_ofALongInput_pricesTheWholeRequest() {
        Rates dearer = Rates.usdPerMillion("2", "10");
        Price price = new Price(HAIKU, List.of(new Price.Tier(200_000, dearer)), "v1");

        assertThat(Cost.of(price, Usage.of(200_000, 0)).total().nanos()).isEqualTo(200_000_000);
        assertThat(Cost.of(price, Usage.of(200_001, 0)).total().nanos()).isEqualTo(400_002_000);
        assertThat(Cost.of(price, Usage.of(1, 0).withCache(200_000, 0)).total().nanos())
                .isEqualTo(400_002_000);
    }

    @Test
    void halfANano_isRoundedToEven() {
        // 0.0005 USD per million tokens is half a nano-dollar a token
        Price price = Price.flat(Rates.usdPerMillion("0.0005", "0"), "v1");

        assertThat(Cost.of(price, Usage.of(1, 0)).total().nanos()).isEqualTo(0);
        assertThat(Cost.of(price, Usage.of(3, 0)).total().nanos()).isEqualTo(2);
        assertThat(Cost.of(price, Usage.of(5, 0)).total().nanos()).isEqualTo(2);
    }

    @Test
    void kinds_withRatesOfTheirOwn_areEachPaidOnce() {
        Rates rates =
                HAIKU.with(TokenKind.CACHE_WRITE_1H, Rates.rate("2"))
                        .with(TokenKind.AUDIO_INPUT, Rates.rate("3"))
                        .with(TokenKind.AUDIO_OUTPUT, Rates.rate("20"))
                        .with(TokenKind.IMAGE_OUTPUT, Rates.rate("30"))
                        .with(TokenKind.REASONING, Rates.rate("6"));
        Usage usage =
                new Usage(1_000, 1_000, 500, 300, 200, false)
                        .withDetail(
                                new Usage.Detail(
                                        100, 400, 50, 300, 200, 100, ServiceTier.STANDARD));

        Cost cost = Cost.of(Price.flat(rates, "v1"), usage);

        assertThat(cost.input().nanos()).isEqualTo(400_000 + 400 * 3_000 + 200_000);
        assertThat(cost.cacheRead().nanos()).isEqualTo(450 * 100 + 50 * 3_000);
        assertThat(cost.cacheWrite().nanos()).isEqualTo(200 * 1_250 + 100 * 2_000);
        assertThat(cost.output().nanos())
                .isEqualTo(400 * 5_000 + 200 * 6_000 + 300 * 20_000 + 100 * 30_000);
    }

    @Test
    void kind_withoutARate_isUnknownOrWhatProvidersDo() {
        Price price = Price.flat(HAIKU, "v1");
        Usage usage = new Usage(10, 10, 10, 10, 5, false);

        assertThat(Cost.of(price, usage.withDetail(detail(1, 0, 0, 0))).total())
                .isEqualTo(Money.UNKNOWN);
        assertThat(Cost.of(price, usage.withDetail(detail(0, 1, 0, 0))).total())
                .isEqualTo(Money.UNKNOWN);
        assertThat(Cost.of(price, usage.withDetail(detail(0, 0, 1, 0))).total())
                .isEqualTo(Money.UNKNOWN);
        assertThat(Cost.of(price, usage.withDetail(detail(0, 0, 0, 1))))
                .isEqualTo(Cost.of(price, usage));
    }

    private static Usage.Detail detail(long hour, long sound, long drawn, long seen) {
        return new Usage.Detail(hour, sound, 0, 0, seen, drawn, ServiceTier.STANDARD);
    }

    @Test
    void service_otherThanTheUsual_hasItsOwnRatesOrNone() {
        Rates half = Rates.usdPerMillion("0.5", "2.5");
        List<Price.Tier> tiers = List.of(new Price.Tier(200_000, Rates.usdPerMillion("2", "10")));
        Price price =
                new Price(
                        HAIKU,
                        tiers,
                        Map.of(ServiceTier.FLEX, new Price.Service(half, List.of())),
                        "v1");
        Usage usage = Usage.of(1_000, 0);

        assertThat(Cost.of(price, usage.at(ServiceTier.FLEX)).total().nanos()).isEqualTo(500_000);
        assertThat(Cost.of(price, usage.at(ServiceTier.PRIORITY)).total()).isEqualTo(Money.UNKNOWN);
        assertThat(Cost.of(price, Usage.of(200_001, 0).at(ServiceTier.FLEX)).total())
                .as("nobody knows what a long one costs there")
                .isEqualTo(Money.UNKNOWN);
    }

    @Test
    void parts_largerThanTheWhole_areCutToIt() {
        Usage usage = Usage.of(10, 10).withDetail(detail(3, 8, 20, 8));

        long sum = 0;
        for (TokenKind kind : TokenKind.values()) {
            assertThat(usage.tokens(kind)).as(kind.label()).isNotNegative();
            sum += usage.tokens(kind);
        }
        assertThat(sum).isEqualTo(20);
    }

    @Test
    void model_withoutAPrice_costsUnknown() {
        assertThat(Cost.estimate(Model.unknown("a", "b"), Usage.of(1, 1))).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void parts_ofAnyCost_addUpToTheExactlyRoundedTotal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Rates rates =
                    new Rates(
                            rate(random),
                            rate(random),
                            OptionalLong.of(rate(random)),
                            OptionalLong.of(rate(random)));
            Usage usage =
                    Usage.of(tokens(random), tokens(random))
                            .withCache(tokens(random), tokens(random));
            Cost cost = Cost.of(Price.flat(rates, "v1"), usage);
            BigDecimal exact =
                    times(usage.input(), rates.input())
                            .add(times(usage.output(), rates.output()))
                            .add(times(usage.cacheRead(), rates.cacheRead().getAsLong()))
                            .add(times(usage.cacheWrite(), rates.cacheWrite().getAsLong()));

            assertThat(cost.total().nanos())
                    .as("seed %d, %s at %s", seed, usage, rates)
                    .isEqualTo(exact.setScale(0, RoundingMode.HALF_EVEN).longValueExact());
            assertThat(
                            cost.input()
                                    .plus(cost.output())
                                    .plus(cost.cacheRead())
                                    .plus(cost.cacheWrite()))
                    .as("seed %d, %s at %s", seed, usage, rates)
                    .isEqualTo(cost.total());
            assertThat(
                            Math.abs(
                                    cost.input().nanos()
                                            - times(usage.input(), rates.input()).doubleValue()))
                    .as("seed %d: a part is off by less than a nano", seed)
                    .isLessThan(1.001);
        }
    }

    private static long rate(Random random) {
        return random.nextInt(4) == 0 ? random.nextInt(1000) : random.nextLong(100_000_000_000L);
    }

    private static long tokens(Random random) {
        return random.nextInt(3) == 0 ? random.nextInt(10) : random.nextLong(2_000_000);
    }

    private static BigDecimal times(long tokens, long rate) {
        return BigDecimal.valueOf(tokens)
                .multiply(BigDecimal.valueOf(rate))
                .divide(BigDecimal.valueOf(1_000_000), MathContext.UNLIMITED);
    }
}

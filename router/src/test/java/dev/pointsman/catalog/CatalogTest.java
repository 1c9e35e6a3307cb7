package dev.pointsman.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;

import org.junit.jupiter.api.Test;

import java.util.OptionalLong;

/** The catalogue that comes with Pointsman. */
class CatalogTest {

    private final Catalog catalog = Catalog.builtIn();

    @Test
    void catalogue_everyRow_parsesAndIsFoundAgain() {
        int rows = 0;
        for (String provider : catalog.providers()) {
            for (Model model : catalog.models(provider).toList()) {
                assertThat(catalog.find(provider, model.id())).contains(model);
                assertThat(model.known()).isTrue();
                assertThat(model.price().map(Price::version).orElse(catalog.version()))
                        .isEqualTo(catalog.version());
                rows++;
            }
        }
        assertThat(rows).isGreaterThanOrEqualTo(1_000).isEqualTo(catalog.refs().size());
    }

    @Test
    void haiku_isWhatItsProviderSays() {
        Model haiku = catalog.find("anthropic", "claude-haiku-4-5").orElseThrow();

        assertThat(haiku.price().orElseThrow().base())
                .isEqualTo(
                        Rates.usdPerMillion("1", "5")
                                .withCache(
                                        OptionalLong.of(Rates.rate("0.1")),
                                        OptionalLong.of(Rates.rate("1.25")))
                                .with(TokenKind.CACHE_WRITE_1H, Rates.rate("2")));
        assertThat(haiku.price().orElseThrow().services().get(ServiceTier.BATCH).base().output())
                .isEqualTo(Rates.rate("2.5"));
        assertThat(haiku.contextTokens()).isEqualTo(200_000);
        assertThat(haiku.can(Ability.IMAGE_INPUT)).isTrue();
        assertThat(haiku.can(Ability.TOOLS)).isTrue();
    }

    @Test
    void geminis_haveARateForSoundAlsoWhereTheListHasNone() {
        assertThat(rate("gemini-2.5-flash", TokenKind.AUDIO_INPUT)).isEqualTo(Rates.rate("1"));
        assertThat(rate("gemini-2.5-pro", TokenKind.AUDIO_INPUT)).isEqualTo(Rates.rate("1.25"));
        assertThat(rate("gemini-2.5-flash-image", TokenKind.IMAGE_OUTPUT))
                .isEqualTo(Rates.rate("30"));
    }

    private long rate(String model, TokenKind kind) {
        return catalog.find("google", model)
                .orElseThrow()
                .price()
                .orElseThrow()
                .base()
                .of(kind)
                .orElseThrow();
    }

    @Test
    void somePrices_haveTiersForLongInputs() {
        assertThat(
                        catalog.providers().stream()
                                .flatMap(catalog::models)
                                .flatMap(model -> model.price().stream())
                                .flatMap(price -> price.tiers().stream()))
                .isNotEmpty()
                .allSatisfy(tier -> assertThat(tier.aboveInputTokens()).isPositive());
    }

    @Test
    void model_thatIsNotListed_isEmpty() {
        assertThat(catalog.find("anthropic", "claude-0")).isEmpty();
        assertThat(catalog.find("nobody", "claude-0")).isEmpty();
        assertThat(catalog.ids("nobody")).isEmpty();
    }
}

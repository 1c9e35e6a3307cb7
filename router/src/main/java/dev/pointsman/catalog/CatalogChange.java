package dev.pointsman.catalog;

import dev.pointsman.core.Model;
import dev.pointsman.core.Price;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes different when one catalogue takes the place of another.
 *
 * @param added models that only the new one has
 * @param removed models that only the old one had
 * @param priced models whose price changes
 * @param others models of which something else changes
 */
public record CatalogChange(
        List<Model> added, List<Model> removed, List<Changed> priced, List<Changed> others) {

    /** A model before and after. */
    public record Changed(Model before, Model after) {}

    /** From one to the other, in the order of the new one. */
    public static CatalogChange between(Catalog before, Catalog after) {
        CatalogChange change =
                new CatalogChange(
                        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        after.all().forEach(model -> change.add(before.find(model.provider(), model.id()), model));
        before.all()
                .filter(model -> after.find(model.provider(), model.id()).isEmpty())
                .forEach(change.removed::add);
        return change;
    }

    private void add(Optional<Model> before, Model after) {
        if (before.isEmpty()) {
            added.add(after);
        } else if (!sameAmounts(before.get().price(), after.price())) {
            priced.add(new Changed(before.get(), after));
        } else if (!CatalogRow.format(before.get()).equals(CatalogRow.format(after))) {
            others.add(new Changed(before.get(), after));
        }
    }

    /** Whatever their editions. */
    private static boolean sameAmounts(Optional<Price> one, Optional<Price> other) {
        return one.map(CatalogChange::amounts).equals(other.map(CatalogChange::amounts));
    }

    private static Price amounts(Price price) {
        return new Price(price.base(), price.tiers(), price.services(), "");
    }
}

package dev.pointsman.ledger;

import java.util.Locale;

/** What the requests of an hour are added up by. */
enum Dimension {
    TOTAL,
    CATEGORY,
    MODEL,
    CALLER,
    KEY;

    /** As it is stored. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String key(Grain grain) {
        return switch (this) {
            case TOTAL -> "";
            case CATEGORY -> grain.category();
            case MODEL -> grain.model();
            case CALLER -> grain.caller();
            case KEY -> grain.key();
        };
    }
}

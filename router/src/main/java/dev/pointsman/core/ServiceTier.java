package dev.pointsman.core;

import java.util.Locale;

/** At what service a provider says that it answered, as far as that has a price of its own. */
public enum ServiceTier {
    /** The usual one, also where the provider says nothing. */
    STANDARD,
    /** Before others, and dearer. */
    PRIORITY,
    /** When there is room, and cheaper. */
    FLEX,
    /** Within a day, and cheaper. */
    BATCH,
    /** One whose price no list tells, such as capacity bought ahead. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in files and reports, for example {@code flex}. */
    public String label() {
        return label;
    }

    /** What a provider's word for it means; empty says nothing. */
    public static ServiceTier of(String said) {
        return switch (said.toLowerCase(Locale.ROOT)) {
            case "", "auto", "default", "standard", "standard_only", "on_demand" -> STANDARD;
            case "traffic_type_unspecified", "service_tier_unspecified", "unspecified" -> STANDARD;
            case "priority", "on_demand_priority" -> PRIORITY;
            case "flex", "on_demand_flex" -> FLEX;
            case "batch" -> BATCH;
            default -> OTHER;
        };
    }
}

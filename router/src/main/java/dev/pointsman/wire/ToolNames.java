package dev.pointsman.wire;

import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolName;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What tools are called at a provider that does not take every name, and back. A name that has to
 * change gets a mark that depends on nothing but itself, so that each turn of a conversation says
 * the same.
 */
final class ToolNames implements UnaryOperator<ToolName> {

    private static final Pattern UNFIT = Pattern.compile("[^a-zA-Z0-9_-]");

    private final Map<String, ToolName> own = new HashMap<>();

    /**
     * @param tools those of the request
     * @param outward what the provider's format calls them
     */
    ToolNames(List<Tool> tools, RequestWriter outward) {
        for (Tool tool : tools) {
            own.put(outward.toolName(tool.name()), tool.name());
        }
    }

    /** The caller's name for the one that the provider says. */
    @Override
    public ToolName apply(ToolName said) {
        return own.getOrDefault(said.name(), said);
    }

    /**
     * A name of letters, digits, {@code _} and {@code -}: namespace and name joined by two
     * underscores, other characters replaced, a long one cut.
     */
    static String fit(ToolName name, int longest) {
        String plain =
                name.namespace().map(space -> space + "__" + name.name()).orElse(name.name());
        String fit = UNFIT.matcher(plain).replaceAll("_");
        if (fit.equals(plain) && fit.length() <= longest && !fit.isEmpty()) {
            return fit;
        }
        String mark = "_" + mark(plain);
        return fit.substring(0, Math.min(fit.length(), longest - mark.length())) + mark;
    }

    static String mark(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(sum.getValue());
    }
}

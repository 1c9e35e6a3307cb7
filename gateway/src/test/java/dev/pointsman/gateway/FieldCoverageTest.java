package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.types.Content;
import com.google.genai.types.GenerationConfig;
import com.google.genai.types.SafetySetting;
import com.google.genai.types.Tool;
import com.google.genai.types.ToolConfig;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;

import dev.pointsman.wire.FieldTable;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whatever the official SDKs can send stands in the table of fields. */
class FieldCoverageTest {

    /** {@code GenerateContentRequest}, which the SDK itself has not as a type. */
    private static final Map<String, Class<?>> GENERATE_CONTENT =
            Map.of(
                    "contents", Content.class,
                    "tools", Tool.class,
                    "toolConfig", ToolConfig.class,
                    "generationConfig", GenerationConfig.class,
                    "safetySettings", SafetySetting.class,
                    "systemInstruction", Content.class,
                    "cachedContent", String.class,
                    "labels", Map.class);

    @Test
    void anthropic_everyField_hasARow() {
        assertCovered(Format.ANTHROPIC_MESSAGES, SdkFields.of(MessageCreateParams.Body.class));
    }

    @Test
    void chat_everyField_hasARow() {
        assertCovered(Format.OPENAI_CHAT, SdkFields.of(ChatCompletionCreateParams.Body.class));
    }

    @Test
    void responses_everyField_hasARow() {
        assertCovered(Format.OPENAI_RESPONSES, SdkFields.of(ResponseCreateParams.Body.class));
    }

    @Test
    void gemini_everyField_hasARow() {
        assertCovered(
                Format.GEMINI,
                SdkFields.all(GENERATE_CONTENT).stream()
                        // instructions are read as contents are
                        .map(field -> field.replace("systemInstruction.parts.", "contents.parts."))
                        .collect(Collectors.toSet()));
    }

    private static void assertCovered(Format format, Set<String> fields) {
        Set<String> rows =
                FieldTable.KNOWN.rows().stream()
                        .filter(row -> row.format() == format)
                        .map(FieldTable.Row::path)
                        .collect(Collectors.toSet());
        assertThat(fields).hasSizeGreaterThan(50);
        Set<String> without = new TreeSet<>(fields);
        without.removeIf(field -> shapes(field).stream().anyMatch(path -> covered(rows, path)));
        assertThat(without).as(format.label()).isEmpty();
    }

    /**
     * A row stands for a field and, if it is the last one or names a kind, for all below; a field
     * that only holds others has none of its own.
     */
    private static boolean covered(Set<String> rows, String path) {
        if (rows.contains(path) || below(rows, path)) {
            return true;
        }
        for (int end = cut(path); end > 0; end = cut(path.substring(0, end))) {
            String above = path.substring(0, end);
            if (rows.contains(above + ".*")
                    || (rows.contains(above) && (above.endsWith(")") || !below(rows, above)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean below(Set<String> rows, String path) {
        return rows.stream()
                .anyMatch(row ->
                        (row.startsWith(path + ".") || row.startsWith(path + "("))
                                && !row.equals(path + ".*"));
    }

    private static int cut(String path) {
        return Math.max(path.lastIndexOf('.'), path.lastIndexOf('('));
    }

    /** The path with each of its kinds and without: a row that names no kind stands for all. */
    private static List<String> shapes(String path) {
        int from = path.indexOf('(');
        if (from < 0) {
            return List.of(path);
        }
        int to = path.indexOf(')', from) + 1;
        return shapes(path.substring(to)).stream()
                .flatMap(rest ->
                        List.of(path.substring(0, to) + rest, path.substring(0, from) + rest)
                                .stream())
                .toList();
    }
}

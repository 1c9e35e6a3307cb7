package dev.pointsman.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

import dev.pointsman.core.ServiceTier;
import dev.pointsman.wire.Peek.IncludeUsage;
import dev.pointsman.wire.Peek.Span;
import dev.pointsman.wire.Peek.Turn;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The one pass over a request's bytes. Used once. */
final class PeekReader {

    private static final Set<String> INSTRUCTING = Set.of("system", "developer");

    /** Whose turns give what a tool gave. */
    private static final Set<String> OF_TOOLS = Set.of("tool", "function");

    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final Format format;
    private final Operation operation;
    private final byte[] body;
    private final Peek peek;
    private final Set<String> seen = new HashSet<>();
    private final JsonParser json;

    /** Whether the turn that is being read gives what a tool gave. */
    private boolean toolResult;

    PeekReader(Format format, Operation operation, byte[] body) throws RequestException {
        this.format = format;
        this.operation = operation;
        this.body = body;
        this.peek = new Peek(body);
        if (!isUtf8(body)) {
            throw new RequestException("the body must be JSON in UTF-8, without a byte order mark");
        }
        try {
            this.json = Peek.JSON.createParser(body);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Whether it is not one of the other encodings that JSON once allowed. */
    private static boolean isUtf8(byte[] body) {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0) {
                return false;
            }
        }
        return body.length == 0 || (body[0] & 0xFF) < 0x80;
    }

    Peek read() throws RequestException {
        try (JsonParser parser = json) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new RequestException(
                        parser.currentToken() == null
                                ? "the body is empty: expected a JSON object"
                                : "the body must be a JSON object");
            }
            peek.begin = end();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                top(name);
            }
            if (parser.nextToken() != null) {
                throw new RequestException("the body must be one JSON object and nothing after it");
            }
        } catch (IOException e) {
            throw refused(e);
        }
        require();
        return peek;
    }

    private static RequestException refused(IOException e) {
        if (e instanceof StreamConstraintsException limit) {
            return new RequestException(
                    "the body is beyond a limit: "
                            + String.valueOf(limit.getOriginalMessage()).replaceAll("\\(.*", ""));
        }
        if (e instanceof JacksonException broken && broken.getLocation() != null) {
            return new RequestException(
                    "the body is not valid JSON, at byte " + broken.getLocation().getByteOffset());
        }
        return new RequestException("the body is not valid JSON");
    }

    private void require() throws RequestException {
        boolean inBody = format != Format.GEMINI;
        if (inBody && peek.model.isEmpty()) {
            throw missing("model", "the name of a model, or auto");
        }
        String conversation = conversationKey();
        if (!seen.contains(conversation) && !isCountOfRequest()) {
            throw missing(conversation, "what the model is to work on");
        }
        boolean capped = format == Format.ANTHROPIC_MESSAGES && operation == Operation.ANSWER;
        if (capped && peek.maxTokens.isEmpty()) {
            throw missing("max_tokens", "a whole number");
        }
    }

    private boolean isCountOfRequest() {
        return format == Format.GEMINI && seen.contains("generateContentRequest");
    }

    private String conversationKey() {
        return switch (operation) {
            case EMBED -> format == Format.GEMINI ? "content" : "input";
            case EMBED_BATCH -> "requests";
            case ANSWER, COUNT_TOKENS ->
                    switch (format) {
                        case ANTHROPIC_MESSAGES, OPENAI_CHAT -> "messages";
                        case OPENAI_RESPONSES -> "input";
                        case GEMINI -> "contents";
                    };
        };
    }

    private static RequestException missing(String key, String what) {
        return new RequestException("the body lacks \"" + key + "\": " + what);
    }

    private static RequestException mistyped(String key, String expected) {
        return new RequestException("\"" + key + "\" must be " + expected);
    }

    private void once(String key) throws RequestException {
        if (!seen.add(key)) {
            throw new RequestException(
                    "\"" + key + "\" stands twice in the body: which one holds is not clear");
        }
    }

    private void top(String name) throws IOException, RequestException {
        switch (name) {
            case "model" -> model();
            case "stream" -> {
                once(name);
                if (format == Format.GEMINI) {
                    skip();
                } else {
                    stream();
                }
            }
            case "stream_options" -> {
                once(name);
                streamOptions();
            }
            case "encoding_format" -> {
                once(name);
                peek.base64 = is(JsonToken.VALUE_STRING) && json.getText().equals("base64");
                skip();
            }
            case "prompt_cache_key" -> {
                once(name);
                peek.cacheKey =
                        is(JsonToken.VALUE_STRING) ? Optional.of(json.getText()) : Optional.empty();
                skip();
            }
            case "tools", "functions" -> {
                once(name);
                peek.tools |= notEmptyArray();
            }
            case "response_format", "output_format" -> {
                once(name);
                formatType();
            }
            case "text", "output_config" -> {
                once(name);
                nested("format", this::formatType);
            }
            case "generationConfig", "generation_config" -> {
                once("generationConfig");
                generationConfig();
            }
            case "max_tokens", "max_completion_tokens", "max_output_tokens" -> {
                once(name);
                maxTokens(name);
            }
            case "n" -> {
                once(name);
                choices();
            }
            case "service_tier" -> {
                once(name);
                tier();
            }
            case "background" -> {
                once(name);
                background();
            }
            case "system", "instructions" -> {
                once(name);
                keep(() -> texts(peek.system));
            }
            case "systemInstruction", "system_instruction" -> {
                once("systemInstruction");
                keep(() -> instruction());
            }
            case "messages", "input", "contents", "content", "requests" -> conversation(name);
            case "generateContentRequest" -> {
                if (format == Format.GEMINI) {
                    once(name);
                    nestedRequest();
                } else {
                    skip();
                }
            }
            default -> skip();
        }
    }

    private void model() throws IOException, RequestException {
        once("model");
        if (!is(JsonToken.VALUE_STRING)) {
            throw mistyped("model", "a text");
        }
        int from = start();
        String said = json.getText();
        if (said.isBlank() && format != Format.GEMINI) {
            throw mistyped("model", "the name of a model, not blank");
        }
        peek.model = Optional.of(said);
        peek.models.add(new Span(from, end()));
    }

    private void stream() throws IOException, RequestException {
        switch (json.currentToken()) {
            case VALUE_TRUE -> peek.stream = true;
            case VALUE_FALSE, VALUE_NULL -> peek.stream = false;
            default -> throw mistyped("stream", "true or false");
        }
    }

    private void streamOptions() throws IOException {
        int from = start();
        if (!is(JsonToken.START_OBJECT)) {
            skip();
            peek.includeUsage = IncludeUsage.NULL_OPTIONS;
            peek.usageSpot = new Span(from, end());
            return;
        }
        peek.includeUsage = IncludeUsage.NOT_SAID;
        peek.usageSpot = new Span(end(), end());
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean asks = json.currentName().equals("include_usage");
            json.nextToken();
            int at = start();
            skip();
            if (asks) {
                boolean wanted = is(JsonToken.VALUE_TRUE);
                peek.includeUsage = wanted ? IncludeUsage.WANTED : IncludeUsage.REFUSED;
                peek.usageSpot = new Span(at, end());
            }
        }
    }

    private void maxTokens(String name) throws IOException, RequestException {
        if (is(JsonToken.VALUE_NULL)) {
            return;
        }
        if (!is(JsonToken.VALUE_NUMBER_INT)) {
            throw mistyped(name, "a whole number");
        }
        long tokens;
        try {
            tokens = json.getLongValue();
        } catch (JacksonException e) {
            tokens = Integer.MAX_VALUE;
        }
        int said = (int) Math.clamp(tokens, 1, Integer.MAX_VALUE);
        peek.maxTokens = OptionalInt.of(Math.max(said, peek.maxTokens.orElse(said)));
    }

    /** What is no whole number is the provider's to refuse. */
    private void choices() throws IOException {
        if (is(JsonToken.VALUE_NUMBER_INT)) {
            long said =
                    json.getNumberType() == NumberType.INT
                            ? json.getLongValue()
                            : Peek.MOST_CHOICES;
            peek.choices = Math.clamp(said, peek.choices, Peek.MOST_CHOICES);
        } else {
            skip();
        }
    }

    /** What is no text is the provider's to refuse. */
    private void tier() throws IOException {
        if (is(JsonToken.VALUE_STRING)) {
            peek.tier = ServiceTier.of(json.getText());
        } else {
            skip();
        }
    }

    /** The answer would come later, and nobody would see what it cost. */
    private void background() throws IOException, RequestException {
        if (format == Format.OPENAI_RESPONSES && is(JsonToken.VALUE_TRUE)) {
            throw new RequestException(
                    "answers in the background are not served, since they cannot be asked for"
                            + " here: leave out \"background\"");
        }
        skip();
    }

    private boolean notEmptyArray() throws IOException {
        boolean any = false;
        if (is(JsonToken.START_ARRAY)) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                any = true;
                skip();
            }
            return any;
        }
        skip();
        return false;
    }

    private void formatType() throws IOException {
        nested(
                "type",
                () ->
                        peek.schema |=
                                is(JsonToken.VALUE_STRING) && json.getText().equals("json_schema"));
    }

    private void generationConfig() throws IOException, RequestException {
        if (!is(JsonToken.START_OBJECT)) {
            skip();
            return;
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "responseSchema",
                        "responseJsonSchema",
                        "response_schema",
                        "response_json_schema" -> {
                    peek.schema |= !is(JsonToken.VALUE_NULL);
                    skip();
                }
                case "maxOutputTokens", "max_output_tokens" -> maxTokens(name);
                case "candidateCount", "candidate_count" -> choices();
                default -> skip();
            }
        }
    }

    private void instruction() throws IOException {
        if (is(JsonToken.START_OBJECT)) {
            nested("parts", () -> texts(peek.system));
        } else {
            texts(peek.system);
        }
    }

    /** Gemini's request within a request to count tokens. */
    private void nestedRequest() throws IOException, RequestException {
        if (!is(JsonToken.START_OBJECT)) {
            throw mistyped("generateContentRequest", "an object");
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("model")) {
                modelName();
            } else if (name.equals("contents")) {
                conversation(name);
            } else {
                skip();
            }
        }
    }

    private void modelName() throws IOException {
        if (is(JsonToken.VALUE_STRING)) {
            peek.models.add(span());
        } else {
            skip();
        }
    }

    private void conversation(String name) throws IOException, RequestException {
        if (!name.equals(conversationKey())) {
            skip();
            return;
        }
        once(name);
        int from = start();
        switch (operation) {
            case EMBED, EMBED_BATCH -> toEmbed(name);
            case ANSWER, COUNT_TOKENS -> turns(name);
        }
        peek.content.add(new Span(from, end()));
    }

    private void toEmbed(String name) throws IOException, RequestException {
        boolean fits =
                switch (name) {
                    case "input" -> is(JsonToken.VALUE_STRING) || is(JsonToken.START_ARRAY);
                    case "content" -> is(JsonToken.START_OBJECT);
                    default -> is(JsonToken.START_ARRAY);
                };
        if (!fits) {
            throw mistyped(
                    name,
                    switch (name) {
                        case "input" -> "a text or a list";
                        case "content" -> "an object";
                        default -> "a list";
                    });
        }
        if (operation == Operation.EMBED) {
            skip();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            int from = start();
            if (!is(JsonToken.START_OBJECT)) {
                throw mistyped(name, "a list of objects");
            }
            nested("model", this::modelName);
            peek.requests.add(new Span(from, end()));
        }
    }

    private void turns(String name) throws IOException, RequestException {
        if (is(JsonToken.VALUE_STRING) && format == Format.OPENAI_RESPONSES) {
            peek.turns.add(new Turn(false, List.of(span())));
            return;
        }
        if (is(JsonToken.START_OBJECT) && format == Format.GEMINI) {
            turn();
            return;
        }
        if (!is(JsonToken.START_ARRAY)) {
            throw mistyped(name, format == Format.OPENAI_RESPONSES ? "a text or a list" : "a list");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (is(JsonToken.START_OBJECT)) {
                turn();
            } else {
                throw mistyped(name, "a list of objects");
            }
        }
    }

    private void turn() throws IOException {
        String role = "user";
        toolResult = false;
        List<Span> texts = new ArrayList<>(1);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "role" -> {
                    role = is(JsonToken.VALUE_STRING) ? json.getText() : role;
                    skip();
                }
                case "content", "parts" -> texts(texts);
                case "type" -> {
                    // an item of Responses: function_call_output and its like
                    toolResult |=
                            is(JsonToken.VALUE_STRING) && json.getText().endsWith("_call_output");
                    skip();
                }
                case "output" -> texts(new ArrayList<>());
                case "call_id", "encrypted_content" -> {
                    // an item without a role that an answer brought or answers to
                    peek.goesOn = true;
                    skip();
                }
                default -> skip();
            }
        }
        if (!INSTRUCTING.contains(role)) {
            peek.goesOn |= !role.equals("user");
            peek.answersTool = toolResult || OF_TOOLS.contains(role);
        }
        if (texts.isEmpty()) {
            return;
        }
        if (INSTRUCTING.contains(role)) {
            // What a harness slips in between the turns says nothing of the task.
            if (peek.turns.isEmpty()) {
                peek.system.addAll(texts);
            }
        } else if (role.equals("user")) {
            peek.turns.add(new Turn(false, texts));
        } else if (role.equals("assistant") || role.equals("model")) {
            peek.turns.add(new Turn(true, texts));
        }
    }

    /** A text, or a list of parts; what is no text is counted. */
    private void texts(List<Span> texts) throws IOException {
        if (is(JsonToken.VALUE_STRING)) {
            texts.add(span());
        } else if (is(JsonToken.START_ARRAY)) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (is(JsonToken.VALUE_STRING)) {
                    texts.add(span());
                } else if (is(JsonToken.START_OBJECT)) {
                    part(texts);
                } else {
                    skip();
                }
            }
        } else {
            skip();
        }
    }

    private void part(List<Span> texts) throws IOException {
        int from = start();
        String type = "";
        Optional<Span> text = Optional.empty();
        boolean thought = false;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "type" -> {
                    type = is(JsonToken.VALUE_STRING) ? json.getText() : type;
                    skip();
                }
                case "text" -> {
                    if (is(JsonToken.VALUE_STRING)) {
                        text = Optional.of(span());
                    } else {
                        skip();
                    }
                }
                case "functionResponse", "function_response" -> {
                    toolResult = true;
                    skip();
                }
                case "thought" -> {
                    thought = is(JsonToken.VALUE_TRUE);
                    skip();
                }
                case "content" -> texts(new ArrayList<>());
                case "inlineData", "inline_data", "fileData", "file_data" -> geminiData();
                default -> skip();
            }
        }
        switch (type) {
            case "tool_result" -> toolResult = true;
            case "image", "image_url", "input_image" -> media(from, true);
            case "document", "file", "input_file" -> media(from, false);
            case "", "text", "input_text", "output_text" -> {
                if (!thought) {
                    text.ifPresent(texts::add);
                }
            }
            default -> {
                // tool calls, thinking and parts of a newer API are no text of the conversation
            }
        }
    }

    private void geminiData() throws IOException {
        int from = start();
        String[] type = {""};
        if (!is(JsonToken.START_OBJECT)) {
            skip();
            return;
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("mimeType") || name.equals("mime_type")) {
                type[0] = is(JsonToken.VALUE_STRING) ? json.getText() : "";
            }
            skip();
        }
        boolean document = type[0].equals("application/pdf");
        if (document || type[0].startsWith("image/")) {
            media(from, !document);
        }
    }

    private void media(int from, boolean image) {
        peek.mediaBytes += end() - from;
        if (image) {
            peek.images++;
        } else {
            peek.documents++;
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** Keeps where a value stands as part of the content. */
    private void keep(Step step) throws IOException {
        int from = start();
        step.run();
        peek.content.add(new Span(from, end()));
    }

    /** Does something with one key of an object and skips the rest. */
    private void nested(String key, Step step) throws IOException {
        if (!is(JsonToken.START_OBJECT)) {
            skip();
            return;
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean found = json.currentName().equals(key);
            json.nextToken();
            if (found) {
                step.run();
            }
            skip();
        }
    }

    private boolean is(JsonToken token) {
        return json.currentToken() == token;
    }

    /** Passes over the value here; over one that was read, nothing happens. */
    private void skip() throws IOException {
        json.skipChildren();
    }

    /** Where the text here stands. */
    private Span span() {
        return new Span(start(), end());
    }

    private int start() {
        return (int) json.currentTokenLocation().getByteOffset();
    }

    /** Where the value here ends. The parser itself knows that of a text only after decoding it. */
    private int end() {
        return is(JsonToken.VALUE_STRING)
                ? endOfText(start())
                : (int) json.currentLocation().getByteOffset();
    }

    /** Whether none of eight bytes is a quote or a backslash. */
    private static boolean isPlain(long word) {
        return (zeros(word ^ '"' * LOW_BITS) | zeros(word ^ '\\' * LOW_BITS)) == 0;
    }

    /** Not 0 if a byte of it is 0. */
    private static long zeros(long word) {
        return word - LOW_BITS & ~word & HIGH_BITS;
    }

    private int endOfText(int from) {
        int at = plainUntil(from + 1);
        while (at < body.length && body[at] != '"') {
            at = body[at] == '\\' ? plainUntil(at + 2) : at + 1;
        }
        return Math.min(at + 1, body.length);
    }

    /** Passes over eight bytes at a time, as long as none is a quote or a backslash. */
    private int plainUntil(int from) {
        byte[] bytes = body;
        int last = bytes.length - Long.BYTES;
        int at = from;
        while (at <= last && isPlain((long) WORDS.get(bytes, at))) {
            at += Long.BYTES;
        }
        return at;
    }
}

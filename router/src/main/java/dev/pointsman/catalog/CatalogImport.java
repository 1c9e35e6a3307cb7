package dev.pointsman.catalog;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

import dev.pointsman.core.Model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A list of models as others publish it, read.
 *
 * @param style {@code models.dev} or {@code litellm}
 * @param catalog its models
 * @param leftOut how many entries were left out because tokens do not tell their price (images,
 *     speech, search)
 */
public record CatalogImport(String style, Catalog catalog, int leftOut) {

    private static final String MODELS_DEV = "models.dev";
    private static final String LITELLM = "litellm";

    private static final ObjectMapper MAPPER =
            new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /**
     * Reads a list.
     *
     * @param name what messages call the file
     * @param edition of the day, such as {@code 2026-11-27-1f3a}; the style stands before it
     * @param known what is known by now, for what a list does not tell
     * @throws CatalogException with line and column if it is no list of either style
     */
    public static CatalogImport read(byte[] json, String name, String edition, Catalog known) {
        try {
            JsonNode root = MAPPER.readTree(json);
            if (!root.isObject() || root.isEmpty()) {
                throw new Listed.Misfit("", "this must be an object of providers or models");
            }
            return read(root, edition, known);
        } catch (Listed.Misfit e) {
            throw new CatalogException(
                    name + position(json, e.pointer()) + ": " + e.getMessage() + in(e.pointer()));
        } catch (MismatchedInputException e) {
            throw new CatalogException(
                    name
                            + position(e.getLocation())
                            + ": a list is one JSON object, and here is another value behind it");
        } catch (JsonProcessingException e) {
            throw new CatalogException(
                    name + position(e.getLocation()) + ": " + said(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new CatalogException(name + ": " + e.getMessage());
        }
    }

    private static CatalogImport read(JsonNode root, String edition, Catalog known) {
        List<Model> models = new ArrayList<>();
        if (root.path("models").isArray()) {
            String version = MODELS_DEV + "-" + edition;
            int number = 0;
            for (JsonNode entry : root.path("models")) {
                String at = "/models/" + number++;
                models.add(ModelsDev.read(text(entry, at, "provider"), entry, at, version));
            }
            return of(MODELS_DEV, version, models, 0);
        }
        boolean lists = root.properties().stream().anyMatch(one -> one.getValue().has("models"));
        return lists ? modelsDev(root, edition) : liteLlm(root, edition, known);
    }

    private static CatalogImport modelsDev(JsonNode root, String edition) {
        String version = MODELS_DEV + "-" + edition;
        List<Model> models = new ArrayList<>();
        for (Map.Entry<String, JsonNode> provider : root.properties()) {
            String at = "/" + escaped(provider.getKey()) + "/models";
            JsonNode listed = Listed.object(provider.getValue().path("models"), at);
            for (Map.Entry<String, JsonNode> model : listed.properties()) {
                String here = at + "/" + escaped(model.getKey());
                JsonNode entry = Listed.object(model.getValue(), here);
                text(entry, here, "id");
                models.add(ModelsDev.read(provider.getKey(), entry, here, version));
            }
        }
        return of(MODELS_DEV, version, models, 0);
    }

    private static CatalogImport liteLlm(JsonNode root, String edition, Catalog known) {
        String version = LITELLM + "-" + edition;
        List<Model> models = new ArrayList<>();
        int leftOut = 0;
        for (Map.Entry<String, JsonNode> model : root.properties()) {
            String name = model.getKey();
            if (name.equals("sample_spec") || name.equals("fallback_generalizations")) {
                continue;
            }
            String at = "/" + escaped(name);
            JsonNode entry = Listed.object(model.getValue(), at);
            if (LiteLlm.isPaidByTokens(entry)) {
                models.add(LiteLlm.read(name, entry, at, known, version));
            } else {
                leftOut++;
            }
        }
        return of(LITELLM, version, models, leftOut);
    }

    private static CatalogImport of(String style, String version, List<Model> models, int leftOut) {
        if (models.isEmpty()) {
            throw new Listed.Misfit("", "there are no models in it");
        }
        return new CatalogImport(style, Catalog.of(version, models), leftOut);
    }

    /** A name must fit into a line of the catalogue. */
    private static String text(JsonNode object, String at, String name) {
        JsonNode value = Listed.object(object, at).path(name);
        boolean fits = value.isTextual() && !value.textValue().isBlank();
        if (!fits || value.textValue().chars().anyMatch(c -> c < ' ')) {
            throw new Listed.Misfit(at, "there is no \"" + name + "\" of printable text");
        }
        return value.textValue();
    }

    /** Without where the parser began, of which it may say nothing. */
    private static String said(String message) {
        int start = message.indexOf(" (start marker");
        return start < 0 ? message : message.substring(0, start);
    }

    private static String in(String pointer) {
        return pointer.isEmpty() ? "" : " (" + pointer + ")";
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String position(JsonLocation location) {
        return ":" + location.getLineNr() + ":" + location.getColumnNr();
    }

    /** Where the value of that pointer stands, or what is nearest around it. */
    private static String position(byte[] json, String pointer) {
        String nearest = ":1:1";
        int matched = 0;
        try (JsonParser parser = MAPPER.createParser(json)) {
            while (parser.nextToken() != null) {
                String here = parser.getParsingContext().pathAsPointer().toString();
                boolean around = pointer.equals(here) || pointer.startsWith(here + "/");
                if (around && here.length() > matched) {
                    matched = here.length();
                    nearest = position(parser.currentTokenLocation());
                }
            }
        } catch (IOException e) {
            return nearest;
        }
        return nearest;
    }
}

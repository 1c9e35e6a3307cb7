package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Part;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Writes texts, images and documents as blocks. */
final class AnthropicMedia {

    private static final String PDF = "application/pdf";
    private static final String PDF_BEGINS = "JVBERi";
    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/jpg");

    private AnthropicMedia() {}

    /** Why an image cannot be said. */
    static Optional<String> obstacle(Image image) {
        return switch (image) {
            case Image.Data data ->
                    IMAGES.contains(data.mediaType())
                            ? Optional.empty()
                            : Optional.of("no images of type " + data.mediaType());
            case Image.Url url ->
                    url.url().regionMatches(true, 0, "gs:", 0, 3)
                            ? Optional.of("no images at gs: addresses")
                            : Optional.empty();
        };
    }

    /** Why a file cannot be said. */
    static Optional<String> obstacle(Part.File file) {
        boolean fits =
                switch (file.source()) {
                    case Part.File.Data data -> isPdf(file, data) || isText(file.mediaType());
                    case Part.File.Url url ->
                            (file.mediaType().isEmpty() || file.mediaType().equals(PDF))
                                    && url.url().regionMatches(true, 0, "http", 0, 4);
                };
        return fits
                ? Optional.empty()
                : Optional.of(
                        "no files of type "
                                + (file.mediaType().isEmpty() ? "unknown" : file.mediaType()));
    }

    private static boolean isPdf(Part.File file, Part.File.Data data) {
        return file.mediaType().equals(PDF)
                || (file.mediaType().isEmpty() && data.base64().startsWith(PDF_BEGINS));
    }

    private static boolean isText(String mediaType) {
        return mediaType.startsWith("text/")
                || mediaType.startsWith("application/json")
                || mediaType.startsWith("application/xml");
    }

    static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    static ObjectNode image(Image image) {
        ObjectNode block = Json.object().put("type", "image");
        ObjectNode source = block.putObject("source");
        switch (image) {
            case Image.Data data ->
                    source.put("type", "base64")
                            .put("media_type", mediaType(data))
                            .put("data", data.base64());
            case Image.Url url -> source.put("type", "url").put("url", url.url());
        }
        return block;
    }

    private static String mediaType(Image.Data data) {
        return data.mediaType().equals("image/jpg") ? "image/jpeg" : data.mediaType();
    }

    static ObjectNode document(Part.File file) {
        ObjectNode block = Json.object().put("type", "document");
        ObjectNode source = block.putObject("source");
        switch (file.source()) {
            case Part.File.Url url -> source.put("type", "url").put("url", url.url());
            case Part.File.Data data -> {
                if (isPdf(file, data)) {
                    source.put("type", "base64").put("media_type", PDF).put("data", data.base64());
                } else {
                    source.put("type", "text")
                            .put("media_type", "text/plain")
                            .put("data", decoded(data.base64()));
                }
            }
        }
        file.name().filter(name -> !name.isBlank()).ifPresent(name -> block.put("title", name));
        return block;
    }

    /** The text of a file; what is no base64 stays as it is. */
    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }
}

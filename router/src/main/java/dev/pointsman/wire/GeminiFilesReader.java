package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Part;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The files of a Gemini request. Addresses that only Google can read, {@code gs:} and those of its
 * file store, are left as {@code fileData(google)}; films on YouTube, which Gemini watches, as
 * {@code fileData(youtube)}.
 */
final class GeminiFilesReader {

    private static final String IMAGE = "image/";
    private static final int QUANTUM = 4;

    private final Consumer<String> left;

    GeminiFilesReader(Consumer<String> left) {
        this.left = left;
    }

    /** What a file is said to be. */
    private record Said(String mediaType, String content, Optional<String> name) {}

    private Said said(JsonNode file, String path, String content) {
        String mediaType = "";
        String said = "";
        Optional<String> name = Optional.empty();
        for (Map.Entry<String, JsonNode> field : file.properties()) {
            if (Gemini.isEmpty(field.getValue())) {
                continue;
            }
            String key = Gemini.camel(field.getKey());
            if (key.equals(content)) {
                said = field.getValue().asText();
            } else if (key.equals("mimeType")) {
                mediaType = field.getValue().asText();
            } else if (key.equals("displayName")) {
                name = Optional.of(field.getValue().asText());
            } else {
                left.accept(path + "." + key);
            }
        }
        return new Said(mediaType, said, name);
    }

    Part inline(JsonNode data, String path) throws RequestException {
        Said said = said(data, path, "data");
        if (said.mediaType().isEmpty() || said.content().isEmpty()) {
            throw new RequestException(path + " must have mimeType and data");
        }
        String base64 = standard(said.content());
        if (!said.mediaType().startsWith(IMAGE)) {
            return new Part.File(said.mediaType(), new Part.File.Data(base64), said.name());
        }
        said.name().ifPresent(name -> left.accept(path + "(image).displayName"));
        return new Part.Picture(new Image.Data(said.mediaType(), base64));
    }

    /** Google takes the alphabet of addresses too, and leaves out the padding. */
    private static String standard(String base64) {
        String plain = base64;
        if (plain.indexOf('-') >= 0 || plain.indexOf('_') >= 0) {
            plain = plain.replace('-', '+').replace('_', '/');
        }
        int over = plain.length() % QUANTUM;
        return over == 0 ? plain : plain + "=".repeat(QUANTUM - over);
    }

    /** Empty if only Google can read it, which is named. */
    Optional<Part> linked(JsonNode data, String path) throws RequestException {
        Said said = said(data, path, "fileUri");
        String uri = said.content();
        if (!isWeb(uri) || uri.contains("://generativelanguage.googleapis.com/")) {
            left.accept(path + "(google)");
            return Optional.empty();
        }
        if (uri.contains("://www.youtube.com/") || uri.contains("://youtu.be/")) {
            left.accept(path + "(youtube)");
            return Optional.empty();
        }
        String mediaType = said.mediaType().isEmpty() ? Gemini.mediaType(uri) : said.mediaType();
        if (!mediaType.startsWith(IMAGE)) {
            return Optional.of(new Part.File(mediaType, new Part.File.Url(uri), said.name()));
        }
        said.name().ifPresent(name -> left.accept(path + "(image).displayName"));
        try {
            return Optional.of(new Part.Picture(new Image.Url(uri)));
        } catch (IllegalArgumentException e) {
            throw new RequestException(path + ".fileUri must be an address");
        }
    }

    private static boolean isWeb(String uri) {
        String scheme = uri.substring(0, Math.min(uri.length(), 8)).toLowerCase(Locale.ROOT);
        return scheme.startsWith("https://") || scheme.startsWith("http://");
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what a message or a tool's result holds. */
final class ResponsesContentReader {

    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private static final Set<String> TEXT = Set.of("type", "text");
    private static final Set<String> REFUSAL = Set.of("type", "refusal");
    private static final Set<String> IMAGE = Set.of("type", "image_url", "detail");
    private static final Set<String> FILE = Set.of("type", "file_data", "file_url", "filename");
    private static final Set<String> AUDIO = Set.of("type", "input_audio");

    private final Consumer<String> left;

    ResponsesContentReader(Consumer<String> left) {
        this.left = left;
    }

    /**
     * @param path where it stands
     */
    List<Part> read(JsonNode content, String path) throws RequestException {
        if (content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        if (!content.isArray() && !Fields.isAbsent(content)) {
            throw new RequestException(path + " must be a string or an array");
        }
        List<Part> parts = new ArrayList<>(content.size());
        for (JsonNode piece : content) {
            piece(piece, path).ifPresent(parts::add);
        }
        return parts;
    }

    private Optional<Part> piece(JsonNode piece, String path) throws RequestException {
        if (piece.isTextual()) {
            return Optional.of(new Part.Text(piece.textValue()));
        }
        String type = piece.path("type").asText("");
        String here = path + "(" + type + ")";
        return switch (type) {
            case "input_text", "output_text", "text" -> {
                Fields.leave(piece, here, TEXT, left);
                yield Optional.of(new Part.Text(piece.path("text").asText("")));
            }
            case "refusal" -> {
                Fields.leave(piece, here, REFUSAL, left);
                yield Optional.of(new Part.Refusal(piece.path("refusal").asText("")));
            }
            case "input_image" -> image(piece, here);
            case "input_file" -> file(piece, here);
            case "input_audio" -> audio(piece, here);
            default -> {
                left.accept(here);
                yield Optional.empty();
            }
        };
    }

    private Optional<Part> image(JsonNode piece, String path) throws RequestException {
        Fields.leave(piece, path, IMAGE, left);
        String detail = piece.path("detail").asText("auto");
        if (!detail.equals("auto") && !piece.path("detail").isNull()) {
            left.accept(path + ".detail");
        }
        Optional<String> url = ResponsesFields.text(piece, "image_url", path);
        if (url.isEmpty()) {
            requireId(piece, path, "image_url");
            return Optional.empty();
        }
        return Optional.of(new Part.Picture(picture(url.get(), path + ".image_url")));
    }

    private static Image picture(String url, String path) throws RequestException {
        if (url.startsWith(DATA)) {
            Data data = data(url, path);
            return new Image.Data(data.mediaType(), data.base64());
        }
        try {
            return new Image.Url(url);
        } catch (IllegalArgumentException e) {
            throw new RequestException(path + " must be an https: or a data: URL");
        }
    }

    private Optional<Part> file(JsonNode piece, String path) throws RequestException {
        Fields.leave(piece, path, FILE, left);
        Optional<String> name = ResponsesFields.text(piece, "filename", path);
        Optional<String> data = ResponsesFields.text(piece, "file_data", path);
        if (data.isPresent()) {
            Data file =
                    data.get().startsWith(DATA)
                            ? data(data.get(), path + ".file_data")
                            : new Data(mediaType(name), data.get());
            return Optional.of(
                    new Part.File(file.mediaType(), new Part.File.Data(file.base64()), name));
        }
        Optional<String> url = ResponsesFields.text(piece, "file_url", path);
        if (url.isEmpty()) {
            requireId(piece, path, "file_data");
            return Optional.empty();
        }
        return Optional.of(
                new Part.File(mediaType(name.or(() -> url)), new Part.File.Url(url.get()), name));
    }

    private static String mediaType(Optional<String> name) {
        return name.filter(said -> said.toLowerCase(Locale.ROOT).endsWith(".pdf"))
                .map(said -> "application/pdf")
                .orElse("");
    }

    private static void requireId(JsonNode piece, String path, String instead)
            throws RequestException {
        if (Fields.isAbsent(piece.path("file_id"))) {
            throw new RequestException(path + "." + instead + " is missing");
        }
    }

    private Optional<Part> audio(JsonNode piece, String path) throws RequestException {
        Fields.leave(piece, path, AUDIO, left);
        JsonNode audio = ResponsesFields.object(piece, "input_audio", path + ".input_audio");
        String base64 = ResponsesFields.required(audio, "data", path + ".input_audio");
        String format = audio.path("format").asText("wav");
        return Optional.of(
                new Part.File(
                        "audio/" + (format.equals("mp3") ? "mpeg" : format),
                        new Part.File.Data(base64),
                        Optional.empty()));
    }

    private record Data(String mediaType, String base64) {}

    private static Data data(String url, String path) throws RequestException {
        int mark = url.indexOf(BASE64);
        if (mark < 0) {
            throw new RequestException(path + " must be a data: URL in base64");
        }
        int end = url.indexOf(';');
        return new Data(
                url.substring(DATA.length(), end).toLowerCase(Locale.ROOT),
                url.substring(mark + BASE64.length()));
    }
}

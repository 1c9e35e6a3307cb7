package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Part;
import dev.pointsman.core.Part.File;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the content of a chat message. Stateless but for where fields are named. */
final class ChatPartReader {

    private static final Set<String> TEXT = Set.of("type", "text");
    private static final Set<String> IMAGE = Set.of("type", "image_url");
    private static final Set<String> IMAGE_URL = Set.of("url", "detail");
    private static final Set<String> AUDIO = Set.of("type", "input_audio");
    private static final Set<String> INPUT_AUDIO = Set.of("data", "format");
    private static final Set<String> FILE_PART = Set.of("type", "file");
    private static final Set<String> FILE = Set.of("file_data", "filename");
    private static final Set<String> REFUSAL = Set.of("type", "refusal");
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private final Consumer<String> left;

    ChatPartReader(Consumer<String> left) {
        this.left = left;
    }

    /** Its parts without empty texts. */
    List<Part> read(JsonNode content) throws RequestException {
        if (content.isTextual()) {
            String text = content.textValue();
            return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
        }
        if (content.isObject() && !content.has("type")) {
            return List.of(new Part.Text(Json.text(content)));
        }
        List<Part> parts = new ArrayList<>();
        if (content.isArray()) {
            for (JsonNode part : content) {
                part(part, parts);
            }
        } else if (content.isObject()) {
            part(content, parts);
        } else if (content.isValueNode() && !content.isNull()) {
            throw new RequestException("messages.content must be a text or a list of parts");
        }
        return parts;
    }

    private void part(JsonNode part, List<Part> parts) throws RequestException {
        if (part.isTextual()) {
            text(part, parts);
            return;
        }
        switch (part.path("type").asText()) {
            case "text", "input_text", "output_text" -> {
                Fields.leave(part, "messages.content(text)", TEXT, left);
                text(part.path("text"), parts);
            }
            case "image_url" -> parts.add(image(part));
            case "input_audio" -> parts.add(audio(part));
            case "file" -> file(part, parts);
            case "refusal" -> {
                Fields.leave(part, "messages.content(refusal)", REFUSAL, left);
                parts.add(new Part.Refusal(part.path("refusal").asText()));
            }
            case "thinking" -> thinking(part.path("thinking"), parts);
            case "video_url" -> left.accept("messages.content(video_url)");
            default -> left.accept("messages.content(other)");
        }
    }

    private static void text(JsonNode text, List<Part> parts) {
        if (!ChatFields.text(text).isEmpty()) {
            parts.add(new Part.Text(text.textValue()));
        }
    }

    /** Mistral's place for reasoning: a list of texts. */
    private static void thinking(JsonNode said, List<Part> parts) {
        StringBuilder text = new StringBuilder(ChatFields.text(said));
        for (JsonNode piece : said) {
            text.append(piece.path("text").asText());
        }
        if (!text.isEmpty()) {
            parts.add(new Part.Reasoning(text.toString(), Optional.empty()));
        }
    }

    private Part image(JsonNode part) throws RequestException {
        Fields.leave(part, "messages.content(image_url)", IMAGE, left);
        JsonNode said = part.path("image_url");
        String path = "messages.content(image_url).image_url";
        Fields.leave(said, path, IMAGE_URL, left);
        String detail = ChatFields.text(said.path("detail"));
        if (!detail.isEmpty() && !detail.equals("auto")) {
            left.accept(path + ".detail");
        }
        String url = ChatFields.text(said.isTextual() ? said : said.path("url"));
        if (url.startsWith(DATA)) {
            return new Part.Picture(new Image.Data(mediaType(url, path), base64(url, path)));
        }
        try {
            return new Part.Picture(new Image.Url(url));
        } catch (IllegalArgumentException e) {
            throw new RequestException(path + ".url must begin with https:, http: or data:");
        }
    }

    private static String mediaType(String dataUrl, String path) throws RequestException {
        int end = dataUrl.indexOf(BASE64);
        if (end < 0) {
            throw new RequestException(path + " must be in base64");
        }
        int parameters = dataUrl.indexOf(';');
        return dataUrl.substring(DATA.length(), Math.min(end, parameters));
    }

    private static String base64(String dataUrl, String path) throws RequestException {
        int end = dataUrl.indexOf(BASE64);
        if (end < 0) {
            throw new RequestException(path + " must be in base64");
        }
        return dataUrl.substring(end + BASE64.length());
    }

    private Part audio(JsonNode part) throws RequestException {
        Fields.leave(part, "messages.content(input_audio)", AUDIO, left);
        JsonNode said = part.path("input_audio");
        Fields.leave(said, "messages.content(input_audio).input_audio", INPUT_AUDIO, left);
        String data = ChatFields.text(said.path("data"));
        if (data.startsWith(DATA)) {
            data = base64(data, "messages.content(input_audio).input_audio.data");
        }
        String format = said.path("format").asText("wav");
        String mediaType = "audio/" + (format.equals("mp3") ? "mpeg" : format);
        return new Part.File(mediaType, new File.Data(data), Optional.empty());
    }

    /** A file that OpenAI keeps is named, and nothing of it can be sent. */
    private void file(JsonNode part, List<Part> parts) throws RequestException {
        Fields.leave(part, "messages.content(file)", FILE_PART, left);
        JsonNode said = part.path("file");
        String path = "messages.content(file).file";
        Fields.leave(said, path, FILE, left);
        String data = ChatFields.text(said.path("file_data"));
        if (data.isEmpty()) {
            return;
        }
        Optional<String> name = ChatRequestReader.optional(said.path("filename"));
        if (data.startsWith("https://") || data.startsWith("http://")) {
            parts.add(new Part.File("", new File.Url(data), name));
        } else if (data.startsWith(DATA)) {
            String at = path + ".file_data";
            parts.add(new Part.File(mediaType(data, at), new File.Data(base64(data, at)), name));
        } else {
            parts.add(new Part.File(typeOf(name.orElse("")), new File.Data(data), name));
        }
    }

    private static String typeOf(String name) {
        return name.isEmpty() || name.endsWith(".pdf") ? "application/pdf" : "";
    }
}

package dev.pointsman.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** An image in a message: its bytes, or where the provider can fetch it. */
public sealed interface Image {

    /**
     * @param mediaType for example {@code image/png}
     * @param base64 the image's bytes in base64, standard alphabet, with padding
     */
    record Data(String mediaType, String base64) implements Image {

        @Override
        public String toString() {
            return "Data[" + mediaType + ", " + base64.length() + " base64 characters]";
        }
    }

    /**
     * An {@code https}, {@code http} or {@code gs} address that the provider, not Pointsman, reads.
     */
    record Url(String url) implements Image {
        public Url {
            if (!url.matches("(?i)(https?|gs)://\\S+")) {
                throw new IllegalArgumentException(
                        "An image URL begins with https://, http:// or gs://, not "
                                + abbreviated(url));
            }
        }
    }

    /**
     * Reads an image file: PNG, JPEG, GIF or WebP.
     *
     * @throws IOException if the file cannot be read, or is none of these
     */
    static Image of(Path file) throws IOException {
        try {
            return of(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if the bytes are no PNG, JPEG, GIF or WebP
     */
    static Image of(byte[] bytes) {
        return new Data(mediaType(bytes), Base64.getEncoder().encodeToString(bytes));
    }

    /**
     * From base64.
     *
     * @throws IllegalArgumentException if it is no base64
     */
    static Image ofBase64(String mediaType, String base64) {
        Base64.getDecoder().decode(base64);
        return new Data(mediaType, base64);
    }

    /**
     * From an address: {@code https:}, {@code http:}, {@code gs:}, or {@code data:} with base64.
     *
     * @throws IllegalArgumentException for any other
     */
    static Image ofUrl(String url) {
        if (!url.startsWith("data:")) {
            return new Url(url);
        }
        int comma = url.indexOf(";base64,");
        if (comma < 0) {
            throw new IllegalArgumentException(
                    "A data: URL of an image must be base64: " + abbreviated(url));
        }
        return ofBase64(
                url.substring("data:".length(), comma), url.substring(comma + ";base64,".length()));
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static String mediaType(byte[] b) {
        if (startsWith(b, 0, 0x89, 'P', 'N', 'G')) {
            return "image/png";
        }
        if (startsWith(b, 0, 0xFF, 0xD8, 0xFF)) {
            return "image/jpeg";
        }
        if (startsWith(b, 0, 'G', 'I', 'F', '8')) {
            return "image/gif";
        }
        if (startsWith(b, 0, 'R', 'I', 'F', 'F') && startsWith(b, 8, 'W', 'E', 'B', 'P')) {
            return "image/webp";
        }
        throw new IllegalArgumentException(
                "not a PNG, JPEG, GIF or WebP image (" + b.length + " bytes)");
    }

    private static boolean startsWith(byte[] bytes, int at, int... magic) {
        if (bytes.length < at + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}

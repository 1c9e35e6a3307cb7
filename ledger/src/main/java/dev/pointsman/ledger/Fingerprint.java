package dev.pointsman.ledger;

import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Part;
import dev.pointsman.core.Task;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 of tasks and sessions: equal ones can be found, and nobody without the key can try
 * out what they were. Every piece goes in with its kind and its length in bytes before it, so that
 * no two different tasks give the same input. Not thread-safe.
 */
final class Fingerprint {

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    Fingerprint(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }

    /**
     * Of the system text and the messages: who speaks, texts, images; or of what stands for them.
     * Nothing else of the task counts.
     */
    byte[] of(Task task) {
        if (task.sketch().isPresent()) {
            update('k', task.sketch().get());
            return mac.doFinal();
        }
        task.system().ifPresent(text -> update('s', text));
        for (Message message : task.messages()) {
            update('m', message.role().name());
            message.parts().forEach(this::update);
        }
        return mac.doFinal();
    }

    byte[] ofSession(String session) {
        update('S', session);
        return mac.doFinal();
    }

    private void update(Part part) {
        switch (part) {
            case Part.Text text -> update('t', text.text());
            case Part.Picture picture -> update(picture.image());
            case Part.File file -> {
                update('f', file.mediaType());
                switch (file.source()) {
                    case Part.File.Data data -> update('d', data.base64());
                    case Part.File.Url url -> update('u', url.url());
                }
            }
            case Part.ToolCall call -> {
                update('c', call.tool().name());
                update('a', call.arguments());
            }
            case Part.ToolResult result -> {
                update('r', result.callId());
                result.content().forEach(this::update);
            }
            case Part.Reasoning reasoning -> update('n', reasoning.text());
            case Part.Refusal refusal -> update('t', refusal.text());
        }
    }

    private void update(Image image) {
        switch (image) {
            case Image.Data data -> {
                update('i', data.mediaType());
                update('d', data.base64());
            }
            case Image.Url url -> update('u', url.url());
        }
    }

    private void update(char kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(5).put((byte) kind).putInt(bytes.length).flip());
        mac.update(bytes);
    }
}

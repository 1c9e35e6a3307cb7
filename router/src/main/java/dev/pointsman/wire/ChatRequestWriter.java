package dev.pointsman.wire;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Model;
import dev.pointsman.core.ToolName;

import java.util.Optional;

final class ChatRequestWriter implements RequestWriter {

    @Override
    public Optional<String> obstacle(Conversation conversation, Model model) {
        throw new UnsupportedOperationException("not written");
    }

    @Override
    public WireRequest write(Conversation conversation, Model model, boolean stream) {
        throw new UnsupportedOperationException("not written");
    }

    @Override
    public String toolName(ToolName name) {
        throw new UnsupportedOperationException("not written");
    }
}

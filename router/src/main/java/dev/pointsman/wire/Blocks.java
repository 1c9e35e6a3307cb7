package dev.pointsman.wire;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Puts the events of an answer in order for a sink, whatever order the provider kept: one block is
 * open at a time, and calls whose arguments come interleaved are taken one after the other. A
 * failure among the events is not handed on. Has state; used by one thread at a time.
 */
final class Blocks implements Consumer<AnswerEvent> {

    private final BlockSink sink;
    private final String model;
    private final UnaryOperator<ToolName> tools;
    private boolean begun;
    private boolean ended;
    private @Nullable Block open;
    private int slot;
    private final JsonDepth depth = new JsonDepth();
    private final Deque<AnswerEvent> waiting = new ArrayDeque<>();

    /** The arguments of calls that wait, by their slots. */
    private final Map<Integer, List<AnswerEvent>> early = new HashMap<>();

    private final List<Citation> citations = new ArrayList<>(0);
    private String half = "";
    private boolean called;
    private boolean refused;
    private Usage usage = Usage.NONE;
    private Stop stop = Stop.OTHER;

    /**
     * @param model the name to give where the provider tells none
     * @param tools gives back a tool's own name for the one that the provider knows
     */
    Blocks(BlockSink sink, String model, UnaryOperator<ToolName> tools) {
        this.sink = sink;
        this.model = model;
        this.tools = tools;
    }

    @Override
    public void accept(AnswerEvent event) {
        if (ended) {
            return;
        }
        switch (event) {
            case AnswerEvent.Begun e -> begin(e.model().isEmpty() ? model : e.model());
            case AnswerEvent.Tokens e -> usage = e.usage();
            case AnswerEvent.Stopped e -> stop = e.stop();
            case AnswerEvent.End e -> end();
            case AnswerEvent.Failed e -> {
                // told to the caller by who reads the provider
            }
            case AnswerEvent.Other e -> {
                // named among what is dropped, by who reads the provider
            }
            default -> inOrder(event);
        }
    }

    /** A call is open until its arguments are whole; what comes of others waits so long. */
    private void inOrder(AnswerEvent event) {
        if (event instanceof AnswerEvent.ToolArguments more && !isOpen(more.slot())) {
            List<AnswerEvent> before = early.get(more.slot());
            if (before != null) {
                before.add(more);
            }
            return;
        }
        if (callUnderWay() && !(event instanceof AnswerEvent.ToolArguments)) {
            waiting.add(event);
            if (event instanceof AnswerEvent.ToolCall call) {
                early.putIfAbsent(call.slot(), new ArrayList<>(1));
            }
            return;
        }
        take(event);
        replay();
    }

    private boolean isOpen(int place) {
        return open instanceof Block.Call && place == slot;
    }

    private boolean callUnderWay() {
        return open instanceof Block.Call && !depth.isWhole();
    }

    private void replay() {
        while (!waiting.isEmpty() && !callUnderWay()) {
            AnswerEvent next = waiting.remove();
            take(next);
            List<AnswerEvent> arguments =
                    next instanceof AnswerEvent.ToolCall call ? early.remove(call.slot()) : null;
            if (arguments != null) {
                arguments.forEach(this::take);
            }
        }
    }

    private void take(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Text e -> {
                if (!e.delta().isEmpty()) {
                    within(Block.Text.class, new Block.Text());
                    piece(e.delta());
                }
            }
            case AnswerEvent.Reasoning e -> {
                if (!e.delta().isEmpty()) {
                    within(Block.Reasoning.class, new Block.Reasoning());
                    piece(e.delta());
                }
            }
            case AnswerEvent.Refusal e -> {
                refused = true;
                if (!e.delta().isEmpty()) {
                    within(Block.Refusal.class, new Block.Refusal());
                    piece(e.delta());
                }
            }
            case AnswerEvent.Sealed e -> {
                within(Block.Reasoning.class, new Block.Reasoning());
                close(Optional.of(e.seal()));
            }
            case AnswerEvent.ToolCall e -> call(e);
            case AnswerEvent.ToolArguments e -> {
                if (isOpen(e.slot()) && !e.delta().isEmpty()) {
                    depth.feed(e.delta());
                    piece(e.delta());
                }
            }
            case AnswerEvent.Cited e -> {
                if (open instanceof Block.Text) {
                    sink.cite(e.citation());
                } else {
                    citations.add(e.citation());
                }
            }
            case AnswerEvent.Likelihoods e -> {
                if (open instanceof Block.Text) {
                    sink.likelihoods(e.tokens());
                }
            }
            default -> throw new IllegalStateException("No content: " + event);
        }
    }

    private void call(AnswerEvent.ToolCall event) {
        close(Optional.empty());
        called = true;
        slot = event.slot();
        depth.reset();
        open(new Block.Call(event.id(), tools.apply(event.name()), event.seal()));
    }

    private void within(Class<? extends Block> kind, Block block) {
        if (!kind.isInstance(open)) {
            close(Optional.empty());
            open(block);
        }
    }

    private void open(Block block) {
        begin(model);
        open = block;
        sink.open(block);
        if (block instanceof Block.Text) {
            citations.forEach(sink::cite);
            citations.clear();
        }
    }

    /** A character that a provider cut in two goes on in one. */
    private void piece(String delta) {
        String text = half.isEmpty() ? delta : half + delta;
        half = "";
        int last = text.length() - 1;
        if (Character.isHighSurrogate(text.charAt(last))) {
            half = text.substring(last);
            text = text.substring(0, last);
        }
        if (!text.isEmpty()) {
            sink.piece(whole(text));
        }
    }

    /** The text with every half character replaced, which no encoding can carry. */
    private static String whole(String text) {
        StringBuilder replaced = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                replaced = replaced == null ? new StringBuilder(text) : replaced;
                replaced.setCharAt(i, '\uFFFD');
            }
        }
        return replaced == null ? text : replaced.toString();
    }

    private void close(Optional<Seal> seal) {
        if (open != null) {
            if (!half.isEmpty()) {
                half = "";
                sink.piece("\uFFFD");
            }
            open = null;
            sink.close(seal);
        }
    }

    private void begin(String name) {
        if (!begun) {
            begun = true;
            sink.begin(Objects.requireNonNull(name), usage);
        }
    }

    private void end() {
        waitingLast();
        begin(model);
        if (!citations.isEmpty()) {
            within(Block.Text.class, new Block.Text());
        }
        close(Optional.empty());
        ended = true;
        sink.end(why(), usage.equals(Usage.NONE) ? Usage.NONE.asEstimate() : usage);
    }

    /** What still waits is behind a call whose arguments will never be whole. */
    private void waitingLast() {
        while (!waiting.isEmpty()) {
            close(Optional.empty());
            replay();
        }
    }

    /** Some providers say a plain end where the model asks for tools or refuses. */
    private Stop why() {
        boolean plain = stop == Stop.END || stop == Stop.OTHER;
        if (called && plain) {
            return Stop.TOOL_CALLS;
        }
        return refused && plain ? Stop.REFUSAL : stop;
    }
}

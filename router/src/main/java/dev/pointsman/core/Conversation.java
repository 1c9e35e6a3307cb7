package dev.pointsman.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model is asked, in no provider's format. Instructions are messages of the system or the
 * developer and stand where they were said; results of tools are parts of the user's messages.
 *
 * @param messages in order
 * @param tools what the model may ask for
 */
public record Conversation(
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        Output output,
        Thinking thinking,
        Sampling sampling) {

    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** What a task asks. */
    public static Conversation of(Task task) {
        List<Message> messages = new ArrayList<>();
        task.system()
                .ifPresent(system ->
                        messages.add(
                                new Message(Message.Role.SYSTEM, List.of(new Part.Text(system)))));
        messages.addAll(task.messages());
        Sampling.Draft sampling =
                new Sampling.Draft().maxTokens(task.maxTokens()).stop(task.stop());
        task.temperature().ifPresent(sampling::temperature);
        return new Conversation(
                messages,
                List.of(),
                new ToolChoice.Auto(),
                task.responseSchema()
                        .<Output>map(schema ->
                                new Output.Schema(
                                        Optional.empty(),
                                        Optional.empty(),
                                        schema,
                                        Optional.of(true)))
                        .orElseGet(Output.Text::new),
                task.wantsLeastReasoning()
                        ? new Thinking(
                                Optional.empty(), OptionalInt.empty(), true, Optional.empty())
                        : Thinking.UNSAID,
                sampling.build());
    }
}

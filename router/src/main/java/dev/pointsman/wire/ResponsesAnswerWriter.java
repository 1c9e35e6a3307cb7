package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.TokenLikelihood;

import java.util.ArrayList;
import java.util.List;

/** Writes answers of {@code /responses}. */
final class ResponsesAnswerWriter implements AnswerWriter {

    @Override
    public byte[] whole(FullAnswer answer, Frame frame) {
        ObjectNode response =
                ResponsesItems.response(frame, answer.model(), ResponsesItems.COMPLETED);
        Output output = new Output(answer, frame);
        for (Part part : answer.parts()) {
            output.add(part);
        }
        ResponsesItems.end(response, output.items, answer.stop(), output.refused, answer.usage());
        return Json.bytes(response);
    }

    @Override
    public BlockSink stream(Frame frame, Pieces out) {
        return new ResponsesSink(frame, out);
    }

    /** The items of a whole answer. Has state. */
    private static final class Output {

        private final FullAnswer answer;
        private final Frame frame;
        private final ArrayNode items = Json.array();
        private final List<TokenLikelihood> likelihoods;
        private int said;
        private boolean refused;

        Output(FullAnswer answer, Frame frame) {
            this.answer = answer;
            this.frame = frame;
            this.likelihoods = new ArrayList<>(answer.likelihoods());
        }

        void add(Part part) {
            switch (part) {
                case Part.Text text -> message(text(text.text()));
                case Part.Refusal refusal -> {
                    refused = true;
                    message(ResponsesItems.refusal(refusal.text()));
                }
                case Part.Reasoning reasoning ->
                        items.add(
                                ResponsesItems.reasoning(
                                        id("rs_"), reasoning.text(), reasoning.seal()));
                case Part.ToolCall call -> call(call);
                case Part.Picture other -> {
                    // no answer holds one
                }
                case Part.File other -> {
                    // no answer holds one
                }
                case Part.ToolResult other -> {
                    // no answer holds one
                }
            }
        }

        private String id(String prefix) {
            return prefix + ResponsesItems.sound(frame.id()) + "_" + items.size();
        }

        /** The last item of an answer that was cut is not complete. */
        private String status() {
            boolean last = items.size() == answer.parts().size() - 1;
            return last && answer.stop() == Stop.MAX_TOKENS
                    ? "incomplete"
                    : ResponsesItems.COMPLETED;
        }

        private void message(ObjectNode content) {
            ObjectNode item = ResponsesItems.message(id("msg_"), status());
            item.withArray("content").add(content);
            items.add(item);
        }

        private ObjectNode text(String text) {
            ObjectNode json = ResponsesItems.text(text);
            ArrayNode annotations = json.withArray("annotations");
            int end = said + text.length();
            int cited = said;
            for (Citation citation : answer.citations()) {
                int from = citation.from().orElse(cited);
                if (from >= said && (from < end || from == end && cited == end)) {
                    int to = Math.clamp(citation.to().orElse(end), from, end);
                    annotations.add(ResponsesItems.citation(citation, from - said, to - said));
                    cited = to;
                }
            }
            json.set("logprobs", ResponsesItems.likelihoods(tokens(text.length()), true));
            said = end;
            return json;
        }

        /** The next tokens, as many as make up a text. */
        private List<TokenLikelihood> tokens(int length) {
            int taken = 0;
            int from = 0;
            while (from < likelihoods.size() && taken < length) {
                taken += Math.max(1, likelihoods.get(from).token().length());
                from++;
            }
            List<TokenLikelihood> head = List.copyOf(likelihoods.subList(0, from));
            likelihoods.subList(0, from).clear();
            return head;
        }

        private void call(Part.ToolCall part) {
            Block.Call call = new Block.Call(part.id(), part.tool(), part.seal());
            boolean freeform = part.tool().freeform();
            String callId = ResponsesItems.callId(call, id("call_"));
            items.add(
                    ResponsesItems.call(
                            id(freeform ? "ctc_" : "fc_"),
                            call,
                            callId,
                            freeform ? ResponsesFreeform.text(part.arguments()) : part.arguments(),
                            status()));
        }
    }
}

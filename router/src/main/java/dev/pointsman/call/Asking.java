package dev.pointsman.call;

import dev.pointsman.core.Task;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.AnswerTranslator;
import dev.pointsman.wire.Body;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.ProtocolException;
import dev.pointsman.wire.WireRequest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How models are asked, and where the answer goes. */
public sealed interface Asking {

    /** Whether the answer is wanted as it is made. */
    boolean stream();

    /**
     * A task in each provider's own format; the answer is read.
     *
     * @param onText where the pieces of a streamed answer go; empty if the answer is wanted whole
     */
    record OfTask(Task task, Optional<Consumer<String>> onText) implements Asking {
        @Override
        public boolean stream() {
            return onText.isPresent();
        }
    }

    /**
     * A caller's bytes in the caller's format; the answer's bytes go to the caller. A provider that
     * does not speak the format is asked, and answers, across the bridge.
     *
     * @param format what the caller speaks
     * @param operation what is asked
     * @param stream whether a stream is asked for
     * @param asArray whether the caller takes a stream as one JSON array in place of events
     * @param headers the caller's, as far as they go on
     * @param query the caller's, as far as it goes on; empty if there is none
     * @param own what is sent to a provider of the same format
     * @param keepText whether the answer's text is wanted too
     * @param withholdUsage whether the usage of a stream is kept from the caller
     * @param bridge to providers of other formats
     * @param edit what is done to a whole answer before it goes on; empty for nothing
     * @param relay where the answer goes
     */
    record OfBytes(
            Format format,
            Operation operation,
            boolean stream,
            boolean asArray,
            Map<String, String> headers,
            String query,
            Own own,
            boolean keepText,
            boolean withholdUsage,
            Bridge bridge,
            Optional<Edit> edit,
            Relay relay)
            implements Asking {

        /** The same, the answer going there. */
        OfBytes to(Relay other) {
            return new OfBytes(
                    format,
                    operation,
                    stream,
                    asArray,
                    headers,
                    query,
                    own,
                    keepText,
                    withholdUsage,
                    bridge,
                    edit,
                    other);
        }

        /** What is spoken with that provider. */
        Format spoken(Deployment deployment) {
            return deployment.provider().speaks(format) ? format : deployment.provider().format();
        }

        /** What brings that provider's answer over; empty if it speaks the caller's format. */
        Optional<AnswerTranslator> translator(Deployment deployment) {
            return spoken(deployment) == format
                    ? Optional.empty()
                    : Optional.of(bridge.answer(deployment));
        }

        WireRequest request(Deployment deployment) {
            return spoken(deployment) == format
                    ? wire(deployment, own.of(deployment))
                    : bridge.request(deployment);
        }

        /** The request without any sealed reasoning; empty if there is none in it. */
        Optional<WireRequest> bare(Deployment deployment) {
            return spoken(deployment) == format
                    ? own.bare(deployment).map(sent -> wire(deployment, sent))
                    : bridge.bare(deployment);
        }

        private WireRequest wire(Deployment deployment, Own.Sent sent) {
            String path = format.codec().path(operation, deployment.model().id(), stream);
            return new WireRequest(
                    query.isEmpty() ? path : path + "?" + query,
                    headers,
                    sent.body(),
                    sent.dropped());
        }
    }

    /** The caller's request as providers of the caller's own format are sent it. */
    @FunctionalInterface
    interface Own {

        Sent of(Deployment deployment);

        /** The same without any sealed reasoning; empty if there is none in it. */
        default Optional<Sent> bare(Deployment deployment) {
            return Optional.empty();
        }

        /**
         * What is sent.
         *
         * @param dropped names what was left out
         */
        record Sent(Body body, List<String> dropped) {

            /** All of it. */
            public static Sent whole(Body body) {
                return new Sent(body, List.of());
            }
        }
    }

    /** Brings requests over to providers of other formats, and their answers back. */
    interface Bridge {

        WireRequest request(Deployment deployment);

        /** The same without any sealed reasoning; empty if there is none in it. */
        Optional<WireRequest> bare(Deployment deployment);

        AnswerTranslator answer(Deployment deployment);
    }

    /** Changes a whole answer. */
    @FunctionalInterface
    interface Edit {
        /**
         * @throws ProtocolException if it is no such answer
         */
        byte[] apply(byte[] answer) throws ProtocolException;
    }
}

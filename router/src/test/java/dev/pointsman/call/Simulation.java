package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Model;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Provider;
import dev.pointsman.transport.Exchange;
import dev.pointsman.wire.Format;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** The engine before simulated providers, in virtual time. All chance comes from the seed. */
final class Simulation {

    /** What every simulated answer takes. */
    static final Usage USAGE = Usage.of(40, 8);

    private static final Task QUESTION = Task.of("How are you?");
    private static final int ENOUGH = 1_000_000;

    private final SimTransport transport = new SimTransport();
    private final Random random;
    private final Engine engine;
    private final Map<String, SimAnswer> answers = new HashMap<>();
    private final AttemptLimits limits;
    private final AttemptRules rules;

    Simulation(long seed, AttemptLimits limits, AttemptRules rules) {
        this.random = new Random(seed);
        this.limits = limits;
        this.rules = rules;
        this.engine =
                new Engine(
                        transport, transport.wallClock(), transport::nanos, new Random(seed + 1));
    }

    SimTransport transport() {
        return transport;
    }

    Engine engine() {
        return engine;
    }

    Random random() {
        return random;
    }

    /** A model that is called at a simulated provider. */
    Deployment deployment(String provider, Format format, SimUpstream upstream) {
        transport.upstream(provider, upstream);
        Model model =
                Model.unknown(provider, "model-of-" + provider)
                        .withPrice(Price.flat(Rates.usdPerMillion("1", "5"), "simulated"));
        return new Deployment(model, Provider.of(provider, format, "http://simulated"));
    }

    /** What a model says to every call. */
    static Answer said(Model model) {
        return new Answer("I am well, says " + model.ref() + ".", USAGE, Stop.END);
    }

    /**
     * That answer in the format that is spoken, beginning at once.
     *
     * @param between the events of a stream
     */
    SimAnswer well(Exchange exchange, Duration between) {
        return answers.computeIfAbsent(
                exchange.model().ref() + exchange.stream(),
                same -> SimAnswer.answers(exchange, between, said(exchange.model())));
    }

    /**
     * Asks.
     *
     * @param onText where a stream goes; empty to be answered whole
     */
    Engine.Call ask(List<Deployment> ranking, Optional<Consumer<String>> onText) {
        return engine.call(
                new CallRequest(
                        Purpose.ANSWER,
                        new Asking.OfTask(QUESTION, onText),
                        ranking,
                        limits,
                        rules,
                        ENOUGH,
                        USAGE.totalInput(),
                        USAGE.output()));
    }

    /** A time that is short as a rule and long at times: exponential about the mean. */
    Duration some(Duration mean) {
        return Duration.ofNanos((long) (mean.toNanos() * random.nextExponential()));
    }

    /** Does something again and again until that time, as often in the mean as then said. */
    void arrivals(Duration until, Rate rate, Runnable arrival) {
        double perSecond = rate.at(transport.elapsed());
        Duration pause = Duration.ofNanos((long) (1e9 / perSecond * random.nextExponential()));
        if (transport.elapsed() + pause.toNanos() > until.toNanos()) {
            return;
        }
        transport.after(
                pause,
                () -> {
                    arrival.run();
                    arrivals(until, rate, arrival);
                });
    }

    /** Arrivals a second. */
    @FunctionalInterface
    interface Rate {
        /**
         * @param time nanoseconds since the beginning
         */
        double at(long time);
    }
}

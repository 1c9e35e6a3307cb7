package dev.pointsman.ledger;

import static dev.pointsman.ledger.Table.column;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Message;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.Task;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns entries into rows. What is not named here is not stored: no evidence, no notes, no
 * rejections (they may quote the task). Not thread-safe.
 */
final class EntryShape {

    /** A provider's message may be a whole page; this much of it tells a person what went wrong. */
    private static final int MESSAGE_LENGTH = 500;

    record NumberedAttempt(String requestId, int number, Attempt attempt) {}

    record Content(String requestId, int number, String role, String text) {}

    /** What many entries have in common. */
    static final Table<Settled> KIND =
            new Table<>(
                    "kind",
                    List.of(
                            column("practice", s -> flag(s.entry().practice())),
                            column("category", s -> s.entry().decision().category()),
                            column(
                                    "source",
                                    s -> s.entry().decision().classification().source().label()),
                            column(
                                    "unsure",
                                    s -> flag(s.entry().decision().classification().unsure())),
                            column(
                                    "chosen_model",
                                    s -> orNull(s.entry().decision().model().map(Model::ref))),
                            column(
                                    "answering_model",
                                    s -> orNull(s.answering().map(a -> a.model().ref()))),
                            column(
                                    "provider",
                                    s -> orNull(s.answering().map(a -> a.model().provider()))),
                            column("fallback", s -> flag(s.fellBack())),
                            column("outcome", s -> s.answered() ? "ok" : "failed"),
                            column("failure_kind", s -> orNull(s.failureKind())),
                            column("tokens_estimated", s -> flag(s.usage().estimated())),
                            column(
                                    "price_version",
                                    s -> orNull(s.answering().flatMap(EntryShape::priceVersion))),
                            column(
                                    "baseline_model",
                                    s -> orNull(s.entry().baseline().map(Entry.Baseline::model))),
                            column("policy", s -> s.entry().decision().policy()),
                            column("key_name", s -> orNull(s.entry().task().key())),
                            column(
                                    "session_step",
                                    s ->
                                            orNull(
                                                    s.entry()
                                                            .decision()
                                                            .session()
                                                            .map(SessionStep::label))),
                            column(
                                    "stay_reason",
                                    s -> orNull(s.veto().map(stay -> stay.reason().label()))),
                            column(
                                    "vetoed_model",
                                    s -> orNull(s.veto().map(SessionStep.Stayed::vetoed)))));

    /** Beside these an entry has the number of its {@link #KIND}. */
    static final Table<Settled> ENTRY =
            new Table<>(
                    "entry",
                    List.of(
                            column("id", s -> s.entry().decision().id()),
                            column("at_ms", s -> s.entry().at().toEpochMilli()),
                            column("task_hash", Settled::taskHash),
                            column("session_hash", Settled::sessionHash),
                            column(
                                    "confidence",
                                    s -> s.entry().decision().classification().confidence()),
                            column("estimated_input", s -> s.entry().decision().estimatedInput()),
                            column("input_tokens", s -> s.usage().input()),
                            column("output_tokens", s -> s.usage().output()),
                            column("cache_read_tokens", s -> s.usage().cacheRead()),
                            column("cache_write_tokens", s -> s.usage().cacheWrite()),
                            column("reasoning_tokens", s -> s.usage().reasoning()),
                            column("detail", s -> DetailJson.of(s.usage().detail())),
                            column("cost_nanos", s -> nanos(s.entry().totalCost())),
                            column("classification_nanos", s -> nanos(s.classificationCost())),
                            column(
                                    "baseline_nanos",
                                    s ->
                                            nanos(
                                                    s.entry()
                                                            .baseline()
                                                            .map(Entry.Baseline::cost)
                                                            .orElse(Money.UNKNOWN))),
                            column("switch_nanos", s -> nanos(s.switchExtra())),
                            column("left_out", s -> orNull(s.leftOut())),
                            column("latency_ms", s -> s.entry().latency().toMillis()),
                            column("first_content_ms", s -> millis(s.firstContent())),
                            column("caller", s -> caller(s.entry().task())),
                            column("tags", s -> tags(s.entry().task().tags())),
                            column(
                                    "attempt_start_ms",
                                    s -> orNull(s.only().map(a -> a.startedAt().toEpochMilli()))),
                            column(
                                    "attempt_latency_ms",
                                    s -> millis(s.only().map(Attempt::latency))),
                            column(
                                    "attempt_first_content_ms",
                                    s -> millis(s.only().flatMap(Attempt::firstContent)))));

    static final Table<NumberedAttempt> CALL =
            new Table<>(
                    "call",
                    List.of(
                            column("request_id", NumberedAttempt::requestId),
                            column("number", n -> (long) n.number()),
                            column(
                                    "purpose",
                                    n -> n.attempt().purpose().name().toLowerCase(Locale.ROOT)),
                            column("provider", n -> n.attempt().model().provider()),
                            column("model", n -> n.attempt().model().ref()),
                            column("start_ms", n -> n.attempt().startedAt().toEpochMilli()),
                            column("latency_ms", n -> n.attempt().latency().toMillis()),
                            column("first_content_ms", n -> millis(n.attempt().firstContent())),
                            column("input_tokens", n -> n.attempt().usage().input()),
                            column("output_tokens", n -> n.attempt().usage().output()),
                            column("cache_read_tokens", n -> n.attempt().usage().cacheRead()),
                            column("cache_write_tokens", n -> n.attempt().usage().cacheWrite()),
                            column("reasoning_tokens", n -> n.attempt().usage().reasoning()),
                            column("detail", n -> DetailJson.of(n.attempt().usage().detail())),
                            column("tokens_estimated", n -> flag(n.attempt().usage().estimated())),
                            column("cost_nanos", n -> nanos(n.attempt().cost().total())),
                            column("price_version", n -> orNull(priceVersion(n.attempt()))),
                            column(
                                    "failure_kind",
                                    n -> orNull(n.attempt().failure().map(Failure::kind))),
                            column(
                                    "failure_message",
                                    n ->
                                            orNull(
                                                    n.attempt()
                                                            .failure()
                                                            .map(f -> abbreviated(f.message()))))));

    static final Table<Content> CONTENT =
            new Table<>(
                    "content",
                    List.of(
                            column("request_id", Content::requestId),
                            column("number", c -> (long) c.number()),
                            column("role", Content::role),
                            column("text", Content::text)));

    private final Fingerprint fingerprint;
    private final boolean storeContent;

    EntryShape(Fingerprint fingerprint, boolean storeContent) {
        this.fingerprint = fingerprint;
        this.storeContent = storeContent;
    }

    /**
     * @throws RuntimeException if the entry cannot be stored, for example because its sums are
     *     beyond a long
     */
    Rows rows(Entry entry) {
        Settled settled =
                Settled.of(
                        entry,
                        fingerprint.of(entry.task()),
                        entry.task().session().map(fingerprint::ofSession).orElse(null));
        return new Rows(
                Arrays.asList(KIND.row(settled)),
                ENTRY.row(settled),
                settled.only().isPresent() ? List.of() : calls(entry),
                storeContent ? content(entry) : List.of());
    }

    private static List<@Nullable Object[]> calls(Entry entry) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Attempt attempt : entry.attempts()) {
            rows.add(
                    CALL.row(new NumberedAttempt(entry.decision().id(), rows.size() + 1, attempt)));
        }
        return rows;
    }

    private static @Nullable String caller(Task task) {
        return orNull(task.caller().map(EntryShape::abbreviated));
    }

    /** As a JSON object in the order of its keys; null without tags. */
    private static @Nullable String tags(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder();
        for (Map.Entry<String, String> tag : new TreeMap<>(tags).entrySet()) {
            json.append(json.isEmpty() ? '{' : ',');
            quote(tag.getKey(), json);
            json.append(':');
            quote(tag.getValue(), json);
        }
        return json.append('}').toString();
    }

    private static void quote(String text, StringBuilder to) {
        to.append('"');
        JsonStringEncoder.getInstance().quoteAsString(Rows.withoutNul(text), to);
        to.append('"');
    }

    private static List<@Nullable Object[]> content(Entry entry) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        String id = entry.decision().id();
        entry.task().system().ifPresent(text -> rows.add(text(id, rows, "system", text)));
        for (Message message : entry.task().messages()) {
            rows.add(
                    text(id, rows, message.role().name().toLowerCase(Locale.ROOT), message.text()));
        }
        entry.answer().ifPresent(answer -> rows.add(text(id, rows, "answer", answer.text())));
        return rows;
    }

    private static @Nullable Object[] text(String id, List<?> before, String role, String text) {
        return CONTENT.row(new Content(id, before.size() + 1, role, text));
    }

    private static long flag(boolean set) {
        return set ? 1L : 0L;
    }

    static @Nullable Long nanos(Money money) {
        return money.isKnown() ? money.nanos() : null;
    }

    private static @Nullable Long millis(Optional<Duration> duration) {
        return orNull(duration.map(Duration::toMillis));
    }

    private static Optional<String> priceVersion(Attempt attempt) {
        return Optional.of(attempt.cost().priceVersion()).filter(version -> !version.isEmpty());
    }

    private static String abbreviated(String message) {
        return message.length() <= MESSAGE_LENGTH
                ? message
                : message.substring(0, MESSAGE_LENGTH - 3) + "...";
    }

    private static <V> @Nullable V orNull(Optional<V> value) {
        return value.orElse(null);
    }
}

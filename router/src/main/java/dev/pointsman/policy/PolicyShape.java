package dev.pointsman.policy;

import static dev.pointsman.policy.Shape.field;
import static dev.pointsman.policy.Shape.required;
import static dev.pointsman.policy.Shape.requiredUnless;

import dev.pointsman.policy.Shape.Choice;
import dev.pointsman.policy.Shape.Flag;
import dev.pointsman.policy.Shape.ListOf;
import dev.pointsman.policy.Shape.MapOf;
import dev.pointsman.policy.Shape.OneOrMore;
import dev.pointsman.policy.Shape.Ratio;
import dev.pointsman.policy.Shape.Share;
import dev.pointsman.policy.Shape.Size;
import dev.pointsman.policy.Shape.Span;
import dev.pointsman.policy.Shape.SpanOr;
import dev.pointsman.policy.Shape.Struct;
import dev.pointsman.policy.Shape.Text;
import dev.pointsman.policy.Shape.Usd;
import dev.pointsman.policy.Shape.Whole;
import dev.pointsman.wire.Format;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Everything a policy file can say. */
final class PolicyShape {

    /**
     * Sections that are laid over the built-in policy name by name; every other section replaces
     * the built-in one.
     */
    static final Set<String> MERGED = Set.of("providers", "prices", "aliases", "models", "pools");

    /** The time within which 95% of a model's answers begin. */
    static final String P95 = "p95";

    private static final Text TEXT = new Text();
    private static final Usd USD = new Usd();
    private static final Whole TOKENS = new Whole(1, 100_000_000);

    private static final Struct FAULTS =
            new Struct(
                    Stream.concat(
                                    Faults.shared().stream()
                                            .map(fault ->
                                                    field(
                                                            fault.label(),
                                                            new Share(),
                                                            "The share of calls that meet it.")),
                                    Stream.of(
                                            field(
                                                    "script",
                                                    new ListOf(new Choice(Fault.labels()), 1),
                                                    "What calls meet in turn, over and over, in the"
                                                            + " place of shares."),
                                            field(
                                                    "seed",
                                                    new Whole(0, Long.MAX_VALUE),
                                                    "Begins the chance, so that the same calls one"
                                                            + " after another meet the same"
                                                            + " faults.")))
                            .toList());

    private static final Struct PROVIDER =
            new Struct(
                    List.of(
                            required(
                                    "format",
                                    new Choice(
                                            Arrays.stream(Format.values())
                                                    .map(Format::label)
                                                    .toList()),
                                    "The wire format it speaks."),
                            field(
                                    "also",
                                    new ListOf(
                                            new Choice(
                                                    Arrays.stream(Format.values())
                                                            .map(Format::label)
                                                            .toList()),
                                            0),
                                    "Other formats it speaks under the same base URL."),
                            requiredUnless(
                                    "faults",
                                    "base-url",
                                    TEXT,
                                    "Where it is, http or https, up to the format's own paths."),
                            field(
                                    "api-key",
                                    TEXT,
                                    "Its key, usually \"${NAME}\"; while NAME is not set the"
                                            + " provider is unavailable."),
                            field(
                                    "catalog",
                                    TEXT,
                                    "Whose models of the catalogue it serves; its own name if not"
                                            + " said."),
                            field(
                                    "headers",
                                    new MapOf("header", TEXT),
                                    "More headers for every call."),
                            field(
                                    "query",
                                    new MapOf("parameter", TEXT),
                                    "More query parameters for every call."),
                            field("proxy", TEXT, "An HTTP proxy, http://host:port."),
                            field(
                                    "ca",
                                    TEXT,
                                    "A PEM file of certificate authorities to trust instead of the"
                                            + " JDK's."),
                            field(
                                    "usage",
                                    new Choice(
                                            Arrays.stream(Provider.StreamUsage.values())
                                                    .map(Provider.StreamUsage::label)
                                                    .toList()),
                                    "The tokens of a chat stream whose caller did not ask for them:"
                                            + " ask the provider for them (the default), or"
                                            + " estimate."),
                            field(
                                    "limits",
                                    new Struct(
                                            List.of(
                                                    field(
                                                            "concurrent",
                                                            new Whole(1, 1_000_000),
                                                            "Calls under way at once."),
                                                    field(
                                                            "requests-per-minute",
                                                            new Whole(1, 100_000_000),
                                                            "Calls begun within a minute."),
                                                    field(
                                                            "tokens-per-minute",
                                                            new Whole(1, 1_000_000_000_000L),
                                                            "Tokens of input and output within a"
                                                                    + " minute."))),
                                    "What each of its models may be asked; beyond, the next model,"
                                            + " or 429."),
                            field(
                                    "faults",
                                    FAULTS,
                                    "Nobody is called: the provider is played in this process, with"
                                            + " these faults.")));

    private static final Struct POOL =
            new Struct(
                    List.of(
                            required(
                                    "models",
                                    new MapOf("model (provider/id)", new Whole(1, 1_000_000)),
                                    "The places, each with its weight."),
                            field(
                                    "balance",
                                    new Choice(
                                            Arrays.stream(Pool.Balance.values())
                                                    .map(Pool.Balance::label)
                                                    .toList()),
                                    "weighted: by chance, in proportion to the weights (the"
                                            + " default); least-loaded: where the fewest calls are"
                                            + " under way for the weight.")));

    private static final Struct CATEGORY =
            new Struct(
                    List.of(
                            field(
                                    "description",
                                    TEXT,
                                    "What belongs here; told to the model that classifies."),
                            field(
                                    "examples",
                                    new ListOf(TEXT, 1),
                                    "Texts that belong here, taken as they stand: the category is"
                                            + " known by them, without training."),
                            required(
                                    "models",
                                    new ListOf(TEXT, 1),
                                    "Models (provider/id) or aliases: the first that can do the"
                                            + " task, the rest are fallbacks."),
                            field(
                                    "strategy",
                                    new Choice(
                                            Arrays.stream(Strategy.values())
                                                    .map(Strategy::label)
                                                    .toList()),
                                    "order: as listed (the default); cheapest: by expected cost."),
                            field(
                                    "expected-output",
                                    TOKENS,
                                    "Tokens of output that expected costs assume; 400 if not"
                                            + " said.")));

    private static final Struct WHEN =
            new Struct(
                    List.of(
                            field(
                                    "caller",
                                    new OneOrMore(TEXT),
                                    "The calling class or method; * matches one segment, ** many."),
                            field(
                                    "tag",
                                    new MapOf("tag", TEXT),
                                    "Tags the task carries, all of them."),
                            field(
                                    "has",
                                    new OneOrMore(new Choice(List.of("image"))),
                                    "What the task holds."),
                            field(
                                    "starts-with",
                                    new OneOrMore(TEXT),
                                    "How the prompt begins, in any case."),
                            field(
                                    "contains",
                                    new OneOrMore(TEXT),
                                    "A text in the prompt, in any case."),
                            field(
                                    "tokens-over",
                                    new Whole(0, 100_000_000),
                                    "An estimated input of more tokens."),
                            field("tokens-under", TOKENS, "An estimated input of fewer tokens.")));

    private static final List<Shape.Field> RATES =
            List.of(
                    required("input", USD, "Fresh input tokens."),
                    required("output", USD, "Output tokens, reasoning included."),
                    field(
                            "cache-read",
                            USD,
                            "Input tokens read from the prompt cache; as input if not" + " said."),
                    field(
                            "cache-write",
                            USD,
                            "Input tokens written to the prompt cache; unknown if not" + " said."),
                    field(
                            "cache-write-1h",
                            USD,
                            "Input tokens written to the prompt cache for an hour; unknown"
                                    + " if not said."),
                    field("reasoning", USD, "Reasoning; as output if not said."),
                    field("audio-input", USD, "Sound in the input; unknown if not said."),
                    field(
                            "audio-cache-read",
                            USD,
                            "Sound read from the prompt cache; as sound in the input if not"
                                    + " said."),
                    field("audio-output", USD, "Sound in the output; unknown if not said."),
                    field("image-input", USD, "Images in the input; as input if not said."),
                    field("image-output", USD, "Images in the output; unknown if not said."));

    private static final Struct PRICE =
            new Struct(
                    Stream.concat(
                                    RATES.stream(),
                                    Stream.of(
                                            service("priority", "before others"),
                                            service("flex", "when there is room"),
                                            service("batch", "within a day")))
                            .toList());

    private static final Struct MODEL =
            new Struct(
                    List.of(
                            field("context", TOKENS, "Tokens of input and output together."),
                            field("output", TOKENS, "Tokens of output at most."),
                            field(
                                    "can",
                                    new ListOf(new Choice(DeclaredModel.ABILITIES), 0),
                                    "What it can do; what is not listed it cannot.")));

    private static final Struct TRIAGE =
            new Struct(
                    List.of(
                            required(
                                    "model",
                                    TEXT,
                                    "The model that is asked: provider/id or an alias."),
                            field(
                                    "prompt-chars",
                                    new Whole(1, 100_000),
                                    "Characters of the prompt it sees; 200."),
                            field(
                                    "max-tokens",
                                    new Whole(1, 10_000),
                                    "Tokens it may answer with; 50."),
                            field("timeout", new Span(), "How long it may take; 2s.")));

    private static final Struct LOCAL =
            new Struct(
                    List.of(
                            field(
                                    "threshold",
                                    new Share(),
                                    "The confidence from which it is sure; 0.6."),
                            field(
                                    "unsure",
                                    TEXT,
                                    "Below it, where no model is asked: guess takes the best"
                                        + " category and marks the decision unsure (the default);"
                                        + " default takes the default category; or a category's"
                                        + " name."),
                            field(
                                    "model",
                                    TEXT,
                                    "A file made by pointsman train; the built-in model if not"
                                            + " said.")));

    private static final Struct CLASSIFY =
            new Struct(
                    List.of(
                            field(
                                    "use",
                                    new ListOf(
                                            new Choice(
                                                    Arrays.stream(ClassifySettings.Stage.values())
                                                            .map(ClassifySettings.Stage::label)
                                                            .toList()),
                                            0),
                                    "What classifies, in order, until one is sure; rules and local"
                                            + " if not said."),
                            field("local", LOCAL, "The classifier on this machine."),
                            field("triage", TRIAGE, "The model that is asked for a category.")));

    private static final Struct RETRIES =
            new Struct(
                    List.of(
                            field(
                                    "share",
                                    new Share(),
                                    "Repetitions to a provider, as a share of the requests to it;"
                                            + " 0.2."),
                            field(
                                    "per-second",
                                    new Whole(0, 1_000_000),
                                    "So many a second in any case; 3.")));

    private static final Struct BREAKER =
            new Struct(
                    List.of(
                            field(
                                    "failures",
                                    new Whole(1, 1_000_000),
                                    "So many failures in a row; 5."),
                            field(
                                    "share",
                                    new Share(),
                                    "Or such a share of the calls within the window; 0.5."),
                            field("calls", new Whole(1, 1_000_000), "Of at least so many; 20."),
                            field(
                                    "window",
                                    new Span(),
                                    "The time over which the share counts; 30s."),
                            field(
                                    "open",
                                    new Span(),
                                    "How long it is left alone; 10s, doubling while trials fail."),
                            field(
                                    "longest",
                                    new Span(),
                                    "How long at most, whatever the provider asks for; 5m.")));

    private static final Struct HEDGE =
            new Struct(
                    List.of(
                            required(
                                    "after",
                                    new SpanOr(P95),
                                    "p95: when 95% of the model's answers have begun, as measured;"
                                            + " or a duration."),
                            field("share", new Share(), "How many requests may be hedged; 0.05.")));

    private static final Struct ATTEMPTS =
            new Struct(
                    List.of(
                            field(
                                    "max",
                                    new Whole(1, 100),
                                    "Calls for one request, fallbacks included; 3."),
                            field("connect", new Span(), "Time to a connection; 5s."),
                            field(
                                    "first-content",
                                    new Span(),
                                    "Time to the first content of an answer; 120s."),
                            field("idle", new Span(), "Time between two pieces of content; 60s."),
                            field(
                                    "total",
                                    new Span(),
                                    "Time for the whole request, all calls; 600s."),
                            field(
                                    "keep-alive",
                                    new Span(),
                                    "Time without a byte after which a gateway's caller who waits"
                                            + " for a stream is sent a comment; 15s."),
                            field("retries", RETRIES, "How many calls may be repetitions."),
                            field("breaker", BREAKER, "When a model is left alone."),
                            field(
                                    "hedge",
                                    HEDGE,
                                    "A second model is asked while the first is silent, and the"
                                            + " first content wins; never if not said.")));

    private static final Struct SESSIONS =
            new Struct(
                    List.of(
                            field(
                                    "stick",
                                    new Flag(),
                                    "Whether a conversation stays with the model that has it warm;"
                                            + " true."),
                            field(
                                    "max-switch-spend",
                                    new Ratio(),
                                    "What changes of the model may cost over a conversation, as a"
                                        + " share of what it would have cost without them; 0.05."
                                        + " With 0 only changes that cost nothing are made."),
                            field(
                                    "warm",
                                    new Span(),
                                    "How long a provider's prompt cache is taken to last without"
                                            + " being read; 5m."),
                            field(
                                    "keep",
                                    new Span(),
                                    "How long a conversation is remembered without a request;"
                                            + " 1h.")));

    private static final Struct BUDGETS =
            new Struct(
                    List.of(
                            field(
                                    "limits",
                                    new ListOf(
                                            new Struct(
                                                    List.of(
                                                            required(
                                                                    "of",
                                                                    TEXT,
                                                                    "Whose: all, key (each),"
                                                                            + " key:NAME, tag:NAME"
                                                                            + " (each value) or"
                                                                            + " tag:NAME=VALUE."),
                                                            required(
                                                                    "limit",
                                                                    TEXT,
                                                                    "How much, such as 50usd/month:"
                                                                        + " a hour, day, week,"
                                                                        + " month or year of UTC,"
                                                                        + " or for all time."),
                                                            field(
                                                                    "enforce",
                                                                    new Choice(
                                                                            List.of(
                                                                                    "hard",
                                                                                    "soft")),
                                                                    "When it is spent, hard refuses"
                                                                        + " requests and soft sends"
                                                                        + " them to the cheaper"
                                                                        + " models; hard."))),
                                            0),
                                    "Every one that a request falls under holds."),
                            field(
                                    "unknown-price",
                                    TEXT,
                                    "What a request to a model of unknown price is taken to cost at"
                                        + " most, such as 0.05usd; without it such models are not"
                                        + " asked under a hard budget.")));

    private static final Struct GATEWAY =
            new Struct(
                    List.of(
                            field(
                                    "keys",
                                    new ListOf(
                                            new Struct(
                                                    List.of(
                                                            required("name", TEXT, "Who holds it."),
                                                            required(
                                                                    "key",
                                                                    TEXT,
                                                                    "The key, usually"
                                                                            + " \"${NAME}\"."))),
                                            0),
                                    "Whoever calls must show one of them; if there is none,"
                                            + " everybody on this machine may call."),
                            field(
                                    "hosts",
                                    new ListOf(TEXT, 0),
                                    "Names by which it may be called without keys, beside"
                                            + " addresses, names without a dot, localhost and"
                                            + " *.internal; other hosts: 403."),
                            field(
                                    "limits",
                                    new Struct(
                                            List.of(
                                                    field(
                                                            "body",
                                                            new Size(1L << 30),
                                                            "A request's body; 64MB. Beyond: 413."),
                                                    field(
                                                            "header",
                                                            new Size(1L << 20),
                                                            "A request's head; 64KB. Beyond: 431."),
                                                    field(
                                                            "header-time",
                                                            new Span(),
                                                            "Time to send the head; 10s. Beyond:"
                                                                    + " 408."),
                                                    field(
                                                            "idle",
                                                            new Span(),
                                                            "Time without a byte in either"
                                                                + " direction; 120s. Beyond, the"
                                                                + " connection is closed."),
                                                    field(
                                                            "connections",
                                                            new Whole(1, 1_000_000),
                                                            "Open at once; 10000. Beyond: 503."),
                                                    field(
                                                            "upstream-requests",
                                                            new Whole(1, 1_000_000),
                                                            "Calls to one provider at once; 1024."
                                                                    + " Beyond, the next model, or"
                                                                    + " 429."),
                                                    field(
                                                            "bodies-in-flight",
                                                            new Share(),
                                                            "Share of the heap that the bodies of"
                                                                + " all requests may take; 0.25."
                                                                + " Beyond: 503."))),
                                    "What is taken from callers.")));

    static final Struct POLICY =
            new Struct(
                    List.of(
                            field("providers", new MapOf("provider", PROVIDER), "Where calls go."),
                            field(
                                    "categories",
                                    new MapOf("category", CATEGORY),
                                    "Kinds of task, each with its models."),
                            field(
                                    "default-category",
                                    TEXT,
                                    "Where a task goes that nothing could place."),
                            field("classify", CLASSIFY, "How a task's category is found."),
                            field(
                                    "rules",
                                    new ListOf(
                                            new Struct(
                                                    List.of(
                                                            required(
                                                                    "when",
                                                                    WHEN,
                                                                    "Conditions, all of which must"
                                                                            + " hold."),
                                                            required(
                                                                    "category",
                                                                    TEXT,
                                                                    "Where such a task goes."))),
                                            0),
                                    "Static routes: the first that holds decides, without a call."),
                            field(
                                    "prices",
                                    new MapOf("model (provider/id)", PRICE),
                                    "Prices that override or add to the catalogue; USD per million"
                                            + " tokens."),
                            field(
                                    "models",
                                    new MapOf("model (provider/id)", MODEL),
                                    "Models the catalogue lacks or has wrong."),
                            field(
                                    "aliases",
                                    new MapOf("alias", TEXT),
                                    "Names of your own for models."),
                            field(
                                    "pools",
                                    new MapOf("pool", POOL),
                                    "Names for several places of one model (keys, regions), over"
                                            + " which calls are spread."),
                            field(
                                    "baseline",
                                    TEXT,
                                    "The model you would have used without routing."),
                            field(
                                    "attempts",
                                    ATTEMPTS,
                                    "How long and how often a request is tried."),
                            field("sessions", SESSIONS, "How a conversation stays with its model."),
                            field("budgets", BUDGETS, "What may be spent."),
                            field("gateway", GATEWAY, "How pointsman serve serves."),
                            field(
                                    "ledger",
                                    new Struct(
                                            List.of(
                                                    field(
                                                            "store-content",
                                                            new Flag(),
                                                            "Whether prompts and answers are"
                                                                    + " stored; false."),
                                                    field(
                                                            "url",
                                                            TEXT,
                                                            "The PostgreSQL database it is in,"
                                                                + " postgresql://user:${PASSWORD}@host/database;"
                                                                + " a file if not said."),
                                                    field(
                                                            "keep",
                                                            new Span(),
                                                            "How old requests get before they are"
                                                                + " deleted, such as 90d, an hour"
                                                                + " or more; hourly sums stay. For"
                                                                + " ever if not said."))),
                                    "What is written down.")));

    private PolicyShape() {}

    private static Shape.Field service(String name, String when) {
        return field(
                name,
                new Struct(RATES),
                "What is answered %s, at the service of that name; unknown if not said."
                        .formatted(when));
    }
}
